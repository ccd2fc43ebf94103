import { toIdPath } from '../../ui/id-path.ts';

export function toUserHref(id: string): string {
  return `/users/${toIdPath(id)}`;
}
