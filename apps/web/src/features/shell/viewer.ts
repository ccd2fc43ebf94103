import type { RouterOutputs, Scope } from '@ephemera/api';
import { createContext, useContext } from 'solid-js';
import type { Accessor } from 'solid-js';

export type Viewer = RouterOutputs['me']['get'];

export const ViewerContext = createContext<Accessor<Viewer>>();

export function useViewer(): Accessor<Viewer> {
  const value = useContext(ViewerContext);
  if (value === undefined) throw new Error('useViewer outside of the signed-in part');
  return value;
}

/** Whether who is signed in may do something. It only hides what would be refused: the server decides. */
export function useCan(): (scope: Scope) => boolean {
  const viewer = useViewer();
  return (scope) => viewer().scopes.includes(scope);
}
