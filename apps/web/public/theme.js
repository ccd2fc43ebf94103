// Runs before the first paint, so that the chosen theme and language never flash. A file of its own: the
// content security policy allows no inline script.
(function applyStoredAppearance() {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('ephemera.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    var locale = localStorage.getItem('ephemera.locale');
    if (locale === 'en' || locale === 'fr' || locale === 'ko') root.lang = locale;
  } catch {
    root.dataset.storage = 'blocked';
  }
})();
