// The API page: Scalar (MIT licence, github.com/scalar/scalar) over the document of this deployment. Everything it loads
// comes from here; the content security policy of this page would stop it otherwise.
import { createApiReference } from './assets/scalar/standalone.esm.js';

var chosen = document.documentElement.dataset.theme;
var prefersDark = window.matchMedia('(prefers-color-scheme: dark)').matches;

createApiReference('#api', {
  url: '/openapi.json',
  darkMode: chosen === undefined ? prefersDark : chosen === 'dark',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  // A token that somebody types in here is gone with the page.
  persistAuth: false,
  metaData: { title: 'Ephemera API' },
});
