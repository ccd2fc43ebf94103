/** Where to go after the sign-in: only ever a path of this app. */
export function parseNextPath(value: string | string[] | undefined): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return '/';
  return value.startsWith('/login') ? '/' : value;
}
