import type { DialogName } from './App.tsx';
import { noticeActions, type NoticeAction } from '../state/notices.ts';
import { CloseIcon, WarningIcon } from './icons.tsx';
import { usePage, useView } from './page-context.tsx';
import './notices.css';

/** What went wrong, in words, each with a way out. */
export function Notices({ onOpen }: { onOpen: (dialog: DialogName) => void }) {
  const { conversation } = usePage();
  const { notices } = useView();
  const perform = ({ action }: NoticeAction, index: number) => {
    if (action === 'microphone-help') return onOpen('microphone-help');
    if (action === 'choose-microphone') return onOpen('settings');
    if (action === 'plan') return onOpen('plan');
    conversation.dismissNotice(index);
    return conversation.retry();
  };
  return (
    <div className="notices" role="alert">
      {notices.map((notice, index) => (
        <div key={`${notice.code} ${notice.message}`} className="notice">
          <WarningIcon />
          <p className="notice-text">{notice.message}</p>
          <div className="notice-actions">
            {noticeActions(notice.code).map((item) => (
              <button
                key={item.action}
                type="button"
                className="text-button"
                onClick={() => perform(item, index)}
              >
                {item.label}
              </button>
            ))}
          </div>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss this message"
            onClick={() => conversation.dismissNotice(index)}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
