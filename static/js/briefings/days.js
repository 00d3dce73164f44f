// Which day a briefing ends on. It is for a class, so school days count: Saturday and Sunday are passed over.

const TOO_LATE = 17; // a briefing that is made later is for another day
export const LAST_HOUR = 18; // when the last day is over
const MOST_DAYS = 31;

/** The first and the last day that can be chosen, as a date field has them. */
export const range = (now = new Date()) => ({min: written(later(now, isLate(now) ? 1 : 0)), max: written(later(now, MOST_DAYS - 1))});

/** Whether a briefing that is changed can keep its day: until the very end of it. @param {string} until */
export const lasts = (until, now = new Date()) => until >= written(later(now, now.getHours() >= LAST_HOUR ? 1 : 0)) && until <= range(now).max;

/** The day on which a moment is. @param {number} seconds since 1970 */
export const dayOf = (seconds) => written(new Date(seconds * 1000));

/** The day on which so many school days are over, this one included while it is not too late. @param {number} days */
export function lastDay(days, now = new Date()) {
  const {max} = range(now);
  let day = first(now);
  for (let left = Math.max(1, days || 1) - 1; left > 0 && written(day) < max; left--) day = schoolDay(later(day, 1));
  return written(day) < max ? written(day) : max;
}

/** How many school days a day is away: what lastDay() makes that day of. @param {string} until */
export function schoolDays(until, now = new Date()) {
  let days = 1;
  for (let day = schoolDay(later(first(now), 1)); written(day) <= until && days < MOST_DAYS; day = schoolDay(later(day, 1))) days++;
  return days;
}

/** A day in words, with its weekday; nothing when no day is chosen. @param {string} day @param {string} language */
export function inWords(day, language) {
  if (!day) return '';
  const [year, month, date] = day.split('-').map(Number);
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {weekday: 'long', day: 'numeric', month: 'long'}).format(new Date(year, month - 1, date, 12));
}

/** @param {Date} now */
const first = (now) => schoolDay(later(now, isLate(now) ? 1 : 0));

/** @param {Date} now */
const isLate = (now) => now.getHours() >= TOO_LATE;

/** The day itself, or the Monday after it. @param {Date} day */
const schoolDay = (day) => later(day, {6: 2, 0: 1}[day.getDay()] ?? 0);

/** At noon: a day is a day, also when the clock is changed. @param {Date} day @param {number} ahead */
const later = (day, ahead) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead, 12);

/** @param {Date} day */
const written = (day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
