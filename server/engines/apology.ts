import { toAppError } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';
import type { Language } from '../../core/settings/settings.ts';
import type { Responder } from '../../core/stages/stage.ts';

/** What is said where no language model answers: that it is so, and what to do. */
export const apologies: Readonly<Record<Language, string>> = {
  en: 'I am sorry, I cannot think of an answer right now. Please ask me again in a moment.',
  es: 'Lo siento, ahora mismo no puedo responder. Pregúntame otra vez dentro de un momento.',
  fr: 'Je suis désolé, je ne peux pas répondre pour le moment. Redemandez-moi dans un instant.',
  pt: 'Desculpe, não consigo responder agora. Pergunte de novo daqui a pouco.',
  hi: 'माफ़ कीजिए, मैं अभी जवाब नहीं दे सकता। कृपया थोड़ी देर बाद फिर पूछिए।',
  de: 'Es tut mir leid, ich kann gerade nicht antworten. Bitte frag mich gleich noch einmal.',
  nl: 'Het spijt me, ik kan nu even geen antwoord geven. Vraag het me zo nog eens.',
  it: 'Mi dispiace, in questo momento non riesco a rispondere. Chiedimelo di nuovo tra poco.',
};

/**
 * Apologises where the responder fails before its first word; what failed is told to `onFailure`. Somebody who listens
 * hears a voice, not silence.
 */
export function apologising(
  responder: Responder,
  language: () => Language,
  onFailure: (error: AppError) => void,
): Responder {
  return {
    ...responder,
    async *reply(request, signal) {
      let begun = false;
      try {
        for await (const part of responder.reply(request, signal)) {
          begun = true;
          yield part;
        }
      } catch (error) {
        if (begun || signal.aborted) throw error;
        onFailure(toAppError(error));
        yield { type: 'text', text: apologies[language()] };
      }
    },
  };
}
