// Runs before the first paint, so that a chosen theme does not flash. Kept apart and tiny: it is the one script that blocks.
try {
  const theme = JSON.parse(localStorage.getItem('houvast.theme') ?? '""');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // storage is switched off or holds rubbish: the device's own theme it is
}
