import { splitProps } from 'solid-js';
import type { JSX } from 'solid-js';

type Variant = 'primary' | 'secondary' | 'quiet' | 'danger';
type Size = 'regular' | 'compact' | 'large';

const VARIANTS: Readonly<Record<Variant, string>> = {
  primary: 'bg-accent text-on-accent border-transparent enabled:hover:brightness-110',
  secondary: 'bg-bg text-text border-control enabled:hover:bg-muted',
  quiet: 'bg-transparent text-text-2 border-transparent enabled:hover:bg-muted enabled:hover:text-text',
  danger: 'bg-danger text-on-accent border-transparent enabled:hover:brightness-110',
};

const SIZES: Readonly<Record<Size, string>> = {
  compact: 'min-h-7 px-2.5 text-table gap-1.5',
  regular: 'min-h-9 px-3.5 text-body gap-2',
  large: 'min-h-11 px-5 text-body gap-2',
};

const BASE =
  'inline-flex items-center justify-center whitespace-nowrap rounded-control border font-medium no-underline transition-[background-color,color,filter,transform] duration-120 enabled:active:scale-[0.98] disabled:opacity-55 touch-target';

export type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & { variant?: Variant; size?: Size };

/** The class list of a button, for links that look like one. */
export function buttonClass(variant: Variant, size: Size = 'regular'): string {
  return `${BASE} ${VARIANTS[variant]} ${SIZES[size]}`;
}

export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['variant', 'size', 'class', 'type']);
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`${buttonClass(own.variant ?? 'secondary', own.size)} ${own.class ?? ''}`}
    />
  );
}
