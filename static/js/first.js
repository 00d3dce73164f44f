// The one script that blocks, so it is tiny. Before the first paint: the chosen theme, which then does not flash. In pages
// that the device keeps it stands already, and they begin with what follows (worker/cut.js).
// After the paint: the page's module, which would else take its time from the frame that is being made. Words come first;
// every link works without a script.
try {
  const theme = JSON.parse(localStorage.getItem('houvast.theme') ?? '""');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // storage is switched off or holds rubbish: the device's own theme it is
}
addEventListener('DOMContentLoaded', () => {
  const {start} = document.documentElement.dataset;
  if (!start) return;
  const begin = () => {
    clearTimeout(later);
    import(start);
  };
  const later = setTimeout(begin, 1000); // a browser may keep its paints to itself
  new PerformanceObserver(begin).observe({type: 'paint', buffered: true});
});
