import { useEffect } from 'react';
import type { Offer } from '../../core/models/downloads.ts';
import { describeModel, describeSpace, groupOffers, runsHere } from '../state/downloads.ts';
import type { ModelStoreView } from '../state/model-store.ts';
import { DownloadLine } from './DownloadLine.tsx';
import { useModelStore, usePage } from './page-context.tsx';
import './downloads.css';

/** The models that can be kept on this device, and what is here of them. */
export function Downloads() {
  const { store } = usePage();
  const view = useModelStore();
  useEffect(() => void store.refresh().catch(() => undefined), [store]);
  const available = view.offers.filter((offer) => offer.downloads.some((each) => runsHere(each, view.gpu)));
  const others = view.offers.filter((offer) => !available.includes(offer));
  return (
    <section className="settings-section">
      <h3>Models to keep on this device</h3>
      {view.unavailable !== undefined && <p className="model-error">{view.unavailable}</p>}
      {view.space && <p className="downloads-note">{describeSpace(view.space)}</p>}
      {groupOffers(available).map(({ label, offers }) => (
        <div key={label} className="downloads">
          <h4>{label}</h4>
          {offers.map((offer) => (
            <OfferEntry key={offer.model.id} offer={offer} view={view} />
          ))}
        </div>
      ))}
      {others.length > 0 && <Unavailable offers={others} />}
    </section>
  );
}

function OfferEntry({ offer: { model, downloads }, view }: { offer: Offer; view: ModelStoreView }) {
  return (
    <section className="offer" aria-label={model.name}>
      <p className="model-name">{model.name}</p>
      <p className="model-where">{describeModel(model)}</p>
      {downloads
        .filter((download) => runsHere(download, view.gpu))
        .flatMap(({ id }) => view.downloads.get(id) ?? [])
        .map((status) => (
          <DownloadLine key={status.download.id} name={model.name} status={status} />
        ))}
    </section>
  );
}

/** Models without a size or hash, and those that this device cannot run. */
function Unavailable({ offers }: { offers: readonly Offer[] }) {
  const unknown = offers.filter(({ downloads }) => downloads.length === 0);
  const unfit = offers.filter(({ downloads }) => downloads.length > 0);
  return (
    <details className="downloads-more">
      <summary>{offers.length} more models that cannot be had here</summary>
      {unfit.length > 0 && (
        <>
          <p>These need a graphics chip that this browser does not offer:</p>
          <Names offers={unfit} />
        </>
      )}
      {unknown.length > 0 && (
        <>
          <p>
            Nobody has put these on this site yet, so nothing is known to check them by. Whoever runs it adds
            them with: npm run models -- pull ID
          </p>
          <Names offers={unknown} />
        </>
      )}
    </details>
  );
}

function Names({ offers }: { offers: readonly Offer[] }) {
  return (
    <p className="downloads-names">
      {groupOffers(offers).map(({ label, offers: members }) => (
        <span key={label}>
          {label}: {[...new Set(members.map(({ model }) => model.name))].join(' · ')}
        </span>
      ))}
    </p>
  );
}
