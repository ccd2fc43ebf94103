/** Where the web app's files come from: memory on Node, the assets binding on Workers. */
export interface PageAssets {
  /** The file at a plain path such as `/assets/app-1a2b.js`, or null. `request` brings the conditions and encodings. */
  find(path: string, request: Request): Promise<Response | null>;
}
