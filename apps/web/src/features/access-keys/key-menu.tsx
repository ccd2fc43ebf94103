import Ellipsis from 'lucide-solid/icons/ellipsis';
import Pencil from 'lucide-solid/icons/pencil';
import Power from 'lucide-solid/icons/power';
import PowerOff from 'lucide-solid/icons/power-off';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import TimerOff from 'lucide-solid/icons/timer-off';
import Trash from 'lucide-solid/icons/trash';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { buttonClass } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useCan } from '../shell/viewer.ts';
import { listActions } from './key-actions.ts';
import type { KeyAction } from './key-actions.ts';
import { findState, isFormer } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

const ICONS: Readonly<Record<KeyAction, typeof Power>> = {
  edit: Pencil,
  rotate: RotateCcwKey,
  disable: PowerOff,
  enable: Power,
  revoke: Trash,
  endGrace: TimerOff,
};

const ROUND =
  'relative grid size-8 place-items-center rounded-control text-text-2 hover:bg-muted hover:text-text touch-target';

/** All that can be done with one key; nothing where nothing can be, or for who may only look. */
export function KeyMenu(props: {
  summary: KeySummary;
  now: number;
  /** Without those that the page shows as buttons. */
  except?: readonly KeyAction[];
  hasWord?: boolean;
  onChoose: (action: KeyAction) => void;
}): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  // Once for all seconds in which nothing changes: an open menu is not built anew.
  const state = createMemo(() => findState(props.summary, props.now));
  const offered = () =>
    can('access-keys:write')
      ? listActions({ ...props.summary, state: state() }, can('tokens:mint-for')).filter(
          ({ action }) => props.except?.includes(action) !== true,
        )
      : [];
  const items = () =>
    offered().map(({ action, blockedBy }) => ({
      id: action,
      label: t(`action.${action}`),
      icon: <Dynamic component={ICONS[action]} aria-hidden="true" />,
      isDanger: action === 'revoke' || action === 'endGrace',
      blockedBy: blockedBy === null ? null : t(blockedBy),
    }));
  function choose(id: string): void {
    const found = offered().find(({ action }) => action === id);
    if (found !== undefined) props.onChoose(found.action);
  }
  const label = () =>
    t(isFormer(props.summary) ? 'menu.formerLabel' : 'menu.label', { name: props.summary.name });
  return (
    <Show when={offered().length > 0}>
      <Menu
        label={label()}
        items={items()}
        onChoose={choose}
        hasWord={props.hasWord === true}
        triggerClass={props.hasWord === true ? buttonClass('secondary') : ROUND}
      >
        <Ellipsis aria-hidden="true" class="size-4.5" />
        {props.hasWord === true ? t('menu.more') : null}
      </Menu>
    </Show>
  );
}
