import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { PageProvider, type PageServices } from './page-context.tsx';

/** Renders the page into `root`. @returns the function that takes it away. */
export function mountPage(root: HTMLElement, services: PageServices): () => void {
  const reactRoot = createRoot(root);
  reactRoot.render(
    <StrictMode>
      <PageProvider services={services}>
        <App />
      </PageProvider>
    </StrictMode>,
  );
  return () => reactRoot.unmount();
}
