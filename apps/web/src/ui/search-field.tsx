import Search from 'lucide-solid/icons/search';
import { createUniqueId, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';

const PAUSE_MS = 300;

/** A text that filters a list as it is typed, once the typing pauses; Enter does not wait. */
export function SearchField(props: {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  function search(text: string): void {
    clearTimeout(timer);
    if (text.trim() !== props.value) props.onSearch(text.trim());
  }
  function wait(text: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => search(text), PAUSE_MS);
  }
  return (
    <div class="relative w-full sm:w-64">
      <label for={id} class="sr-only">
        {props.label}
      </label>
      <Search
        aria-hidden="true"
        class="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-text-3"
      />
      <input
        id={id}
        type="search"
        class="field ps-9"
        placeholder={props.placeholder}
        value={props.value}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => wait(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(event.currentTarget.value);
        }}
      />
    </div>
  );
}
