import { useEffect, useState } from 'react';
import { formatBytes, formatTimeLeft } from '../state/format.ts';
import { summariseModels } from '../state/models.ts';
import { useModels } from './page-context.tsx';

/** Before the first press the size; then how far loading is. */
export function LoadProgress() {
  const models = useModels();
  const { loadedBytes, totalBytes, fraction, loading, failed } = summariseModels(models);
  const [startedAt, setStartedAt] = useState<number>();
  useEffect(() => setStartedAt(loading ? performance.now() : undefined), [loading]);
  if (models.ready || totalBytes === 0 || (failed && !loading)) return null;
  if (!loading) {
    return <p className="load-size">Models: {formatBytes(totalBytes - loadedBytes)} to load, once</p>;
  }
  const elapsedMs = startedAt === undefined ? 0 : performance.now() - startedAt;
  const timeLeft = formatTimeLeft(loadedBytes, totalBytes, elapsedMs);
  return (
    <div className="load">
      <progress className="load-bar" aria-label="Loading the models" value={fraction} max={1} />
      <p className="load-size">
        {formatBytes(loadedBytes)} of {formatBytes(totalBytes)}
        {timeLeft && `, ${timeLeft}`}
      </p>
    </div>
  );
}
