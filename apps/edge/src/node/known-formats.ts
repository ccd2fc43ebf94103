import { registerHooks } from 'node:module';

const RELATIVE_MODULE = /^\.\.?\/.*\.js$/;
const KNOWN_PARENT = '/node_modules/drizzle-orm/';

/**
 * Node reads a package's manifest anew for each of its files, to learn whether they are ES modules. drizzle-orm's is
 * 179 kB for 114 files: half of a start's time. They are ES modules, so Node is told.
 */
export function registerKnownFormats(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const parent = context.parentURL;
      if (parent?.includes(KNOWN_PARENT) !== true || !RELATIVE_MODULE.test(specifier))
        return next(specifier, context);
      return { url: new URL(specifier, parent).href, format: 'module', shortCircuit: true };
    },
  });
}
