import type { JSX } from 'solid-js';

import { Button } from './button.tsx';

/** A button that says why it cannot be pressed now, instead of being away. */
export function BlockableButton(props: {
  variant?: 'primary' | 'secondary';
  icon: JSX.Element;
  label: string;
  blockedBy: string | null;
  onClick: () => void;
}): JSX.Element {
  return (
    <Button
      variant={props.variant ?? 'secondary'}
      disabled={props.blockedBy !== null}
      title={props.blockedBy ?? undefined}
      onClick={() => props.onClick()}
    >
      {props.icon}
      {props.label}
    </Button>
  );
}
