/**
 * What a page says to the service worker: `opened`, that it is there (a page that was reloaded past the service worker
 * gets it back by this), and `take-over`, that the waiting build is wanted now.
 */
export type WorkerMessage = 'opened' | 'take-over';
