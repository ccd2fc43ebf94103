import type { RouterOutputs } from '@ephemera/api';
import { createContext, useContext } from 'solid-js';
import type { Accessor } from 'solid-js';

export type Viewer = RouterOutputs['me']['get'];

export const ViewerContext = createContext<Accessor<Viewer>>();

export function useViewer(): Accessor<Viewer> {
  const value = useContext(ViewerContext);
  if (value === undefined) throw new Error('useViewer outside of the signed-in part');
  return value;
}
