// zod would probe for `new Function` to compile its schemas: the policy forbids it, and the probe is reported.
globalThis.__zod_globalConfig = { jitless: true };

// Solid builds its templates with innerHTML, from markup compiled into our own bundle. The page's one Trusted Types
// policy lets such markup pass and nothing that could run: no script, no handler, no code from strings.
(function createDefaultPolicy() {
  if (!window.trustedTypes) return;
  var runs = /<\s*(script|iframe|object|embed|base)\b|\son\w+\s*=|javascript:/i;
  window.trustedTypes.createPolicy('default', {
    createHTML: function (markup) {
      if (runs.test(markup)) throw new TypeError('Refused to build active markup.');
      return markup;
    },
  });
})();
