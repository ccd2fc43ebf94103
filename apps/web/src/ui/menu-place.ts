const GAP_PX = 4;
const MARGIN_PX = 8;

type Size = { width: number; height: number };

/** Below the trigger, or above it where there is no room; always inside of the window. */
export function findMenuPlace(
  trigger: Pick<DOMRect, 'top' | 'bottom' | 'right'>,
  menu: Size,
  view: Size,
): { top: number; left: number } {
  const below = trigger.bottom + GAP_PX;
  const above = trigger.top - GAP_PX - menu.height;
  const hasRoomBelow = below + menu.height <= view.height - MARGIN_PX;
  const top = hasRoomBelow || above < MARGIN_PX ? below : above;
  const left = Math.min(trigger.right - menu.width, view.width - menu.width - MARGIN_PX);
  return { top: Math.max(MARGIN_PX, top), left: Math.max(MARGIN_PX, left) };
}

/** The index that a key moves to among `count` items, or `null` for a key that moves nothing. */
export function findNextIndex(key: string, current: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (current + 1) % count;
    case 'ArrowUp':
      return (current - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
