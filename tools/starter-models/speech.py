"""Speech synthesis in this process: eSpeak NG and Flite through ctypes, with phoneme and word times.

Both libraries are used as installed by the system (Debian: libespeak-ng1, libflite1). Everything comes out as
mono float32 at 16 kHz in [-1, 1]. The phonemes of both engines are mapped to one ARPAbet-like set.
"""
import ctypes
import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

SAMPLE_RATE = 16000
PHONES = ("sil aa ae ah ao aw ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z "
          "zh").split()
PHONE_ID = {phone: number for number, phone in enumerate(PHONES)}

FLITE_PHONES = {"pau": "sil", "ax": "ah", "brth": "sil", "h#": "sil", "ssil": "sil"}
ESPEAK_PHONES = {
    "_": "sil", "_:": "sil", "_|": "sil", "_!": "sil", "?": "sil", "_^_": "sil",
    "@": "ah", "V": "ah", "a#": "ah", "@5": "ah", "@-": "ah", "@2": "ah", "V#": "ah", "@#": "ah", "@L": "l",
    "a": "ae", "aa": "ae", "A:": "aa", "A@": "aa", "A#": "aa", "0": "aa", "0#": "aa", "A": "aa", "0:": "aa",
    "O:": "ao", "O": "ao", "O@": "ao", "o@": "ao", "O2": "ao", "o": "ow", "o:": "ow", "O#": "ao",
    "E": "eh", "e": "eh", "e@": "eh", "E#": "eh", "E2": "eh", "EI": "ey", "e:": "ey",
    "I": "ih", "I2": "ih", "I#": "ih", "i": "iy", "i:": "iy", "i@": "ih", "i@3": "ih", "I@": "ih", "i2": "iy",
    "U": "uh", "U@": "uh", "u:": "uw", "u": "uw", "3": "er", "3:": "er", "IR": "er", "VR": "er", "U2": "uh",
    "aI": "ay", "aI@": "ay", "aI3": "ay", "aU": "aw", "aU@": "aw", "eI": "ey", "OI": "oy", "oU": "ow", "aI2": "ay",
    "p": "p", "b": "b", "t": "t", "t#": "t", "t2": "t", "d": "d", "d#": "d", "k": "k", "g": "g", "f": "f",
    "v": "v", "v#": "v", "s": "s", "z": "z", "z#": "z", "s#": "s", "S": "sh", "Z": "zh", "T": "th", "D": "dh",
    "h": "hh", "tS": "ch", "dZ": "jh", "m": "m", "m-": "m", "n": "n", "n-": "n", "N": "ng", "l": "l", "l#": "l",
    "l/": "l", "l-": "l", "r": "r", "r-": "r", "r/": "r", "R": "r", "*": "r", "w": "w", "w#": "w", "j": "y",
    "x": "k", "C": "hh", "Q": "g", "t[": "t", "d[": "d", "ts": "t",
}


@dataclass
class Spoken:
    """One utterance: samples [n] at 16 kHz, phones [(phone id or None, start s)], words [(start s, end s)] or None.

    `words` has one entry for each whitespace-separated word of the text, or is None where they could not be matched.
    """
    samples: np.ndarray
    phones: list = field(default_factory=list)
    words: list = None


def resample(samples: np.ndarray, source_rate: int, target_rate: int = SAMPLE_RATE) -> np.ndarray:
    """Band-limited resampling of a whole clip through the Fourier transform (a brick-wall low-pass)."""
    if source_rate == target_rate:
        return samples.astype(np.float32)
    divisor = np.gcd(source_rate, target_rate)
    block, out_block = source_rate // divisor, target_rate // divisor
    blocks = -(-len(samples) // block) + 1
    spectrum = np.fft.rfft(samples, blocks * block)
    wanted = blocks * out_block
    if wanted <= blocks * block:
        spectrum = spectrum[: wanted // 2 + 1]
    result = np.fft.irfft(spectrum, wanted) * (out_block / block)
    return result[: int(len(samples) * target_rate / source_rate)].astype(np.float32)


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user_data", ctypes.c_void_p), ("id", _EventId)]


_WORD_EVENT, _PHONEME_EVENT = 1, 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class ESpeak:
    """eSpeak NG. The library keeps its state in globals, so make one of these in a process."""

    def __init__(self):
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._chunks, self._events = [], []
        callback_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int,
                                         ctypes.POINTER(_Event))
        # Kept on the object: the library holds a bare pointer to it.
        self._callback = callback_type(self._collect)
        synchronous, phoneme_events = 2, 1
        self.source_rate = self._library.espeak_Initialize(synchronous, 0, None, phoneme_events)
        if self.source_rate <= 0:
            raise RuntimeError("eSpeak NG did not start; is espeak-ng-data installed?")
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave, count, events):
        if wave and count > 0:
            self._chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type != 0:
            event = events[index]
            if event.type == _WORD_EVENT:
                self._events.append((_WORD_EVENT, event.sample, event.text_position))
            elif event.type == _PHONEME_EVENT:
                self._events.append((_PHONEME_EVENT, event.sample, bytes(event.id.string).decode("utf8", "replace")))
            index += 1
        return 0

    def speak(self, text: str, voice: str, speed: int = 175, pitch: int = 50, pitch_range: int = 50) -> Spoken:
        """`voice` is a language with an optional variant ("en-us+f2"), `speed` in words a minute, pitch 0-99."""
        # "en-gb" is known as the language "en"; its own name is not found by this call.
        language, _, variant = voice.partition("+")
        name = {"en-gb": "en"}.get(language, language) + ("+" + variant if variant else "")
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"no eSpeak voice {voice}")
        for parameter, value in ((_RATE, speed), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._chunks, self._events = [], []
        data = text.encode("utf8")
        utf8 = 1
        self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, utf8, None, None)
        samples = np.concatenate(self._chunks).astype(np.float32) / 32768 if self._chunks else np.zeros(1, np.float32)
        phones = [(PHONE_ID.get(ESPEAK_PHONES.get(name)), sample / self.source_rate)
                  for kind, sample, name in self._events if kind == _PHONEME_EVENT]
        return Spoken(resample(samples, self.source_rate), phones,
                      self._word_times(text, len(samples) / self.source_rate))

    def _word_times(self, text: str, total: float):
        starts = [match.start() for match in re.finditer(r"\S+", text)]
        times = [None] * len(starts)
        latest = -1
        for kind, sample, position in self._events:
            if kind != _WORD_EVENT or position - 1 < latest:
                continue  # eSpeak repeats the last word's event at a clause end.
            latest = position - 1
            index = int(np.searchsorted(starts, position - 1, side="right")) - 1
            if 0 <= index < len(times) and times[index] is None:
                times[index] = sample / self.source_rate
        if not times or times[0] is None:
            return None
        spans = []
        for index, time in enumerate(times):
            if time is None:  # spoken as one with the word before ("in the"): both have the same span
                spans.append(spans[-1])
            else:
                spans.append((time, next((later for later in times[index + 1:] if later is not None), total)))
        return spans


# Flite keeps the address of a feature's name, so these bytes must live as long as the process.
_FLITE_FEATURES = (b"duration_stretch", b"int_f0_target_mean", b"int_f0_target_stddev")


class Flite:
    """Flite's built-in English voices, by name: kal16, awb, rms, slt."""

    def __init__(self):
        self._library = library = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        for dependency in ("libflite_usenglish.so.1", "libflite_cmulex.so.1"):
            ctypes.CDLL(dependency, mode=ctypes.RTLD_GLOBAL)
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        signatures = {
            "flite_synth_text": (pointer, [text, pointer]), "utt_wave": (pointer, [pointer]),
            "utt_relation": (pointer, [pointer, text]), "relation_head": (pointer, [pointer]),
            "item_next": (pointer, [pointer]), "item_feat_string": (text, [pointer, text]),
            "item_feat_float": (ctypes.c_float, [pointer, text]),
            "flite_ffeature_float": (ctypes.c_float, [pointer, text]),
            "flite_feat_set_float": (None, [pointer, text, ctypes.c_float]), "delete_utterance": (None, [pointer]),
        }
        for name, (result, arguments) in signatures.items():
            getattr(library, name).restype, getattr(library, name).argtypes = result, arguments
        library.flite_init()

    @lru_cache(maxsize=None)
    def _voice(self, name: str):
        register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
        return register(None)

    def speak(self, text: str, voice: str, stretch: float = 1.0, pitch: float = None, spread: float = None) -> Spoken:
        """`stretch` multiplies durations; `pitch` and `spread` are the tone's mean and deviation in Hz (kal16 only)."""
        library, handle = self._library, self._voice(voice)
        defaults = {"kal16": (95.0, 11.0), "awb": (140.0, 20.0), "rms": (95.0, 12.0), "slt": (170.0, 20.0)}[voice]
        for name, value in zip(_FLITE_FEATURES, (stretch, pitch or defaults[0], spread or defaults[1])):
            library.flite_feat_set_float(voice_features(handle), name, value)
        utterance = library.flite_synth_text(text.encode("ascii", "ignore"), handle)
        wave = _Wave.from_address(library.utt_wave(utterance))
        samples = np.ctypeslib.as_array(wave.samples, (wave.count,)).astype(np.float32) / 32768
        phones, start = [], 0.0
        for item in self._items(utterance, b"Segment"):
            name = library.item_feat_string(item, b"name").decode()
            phones.append((PHONE_ID.get(FLITE_PHONES.get(name, name)), start))
            start = library.item_feat_float(item, b"end")
        words = []
        path = b"R:Token.daughter%s.R:SylStructure.daughter%s.daughter%s.R:Segment.%s"
        for item in self._items(utterance, b"Token"):
            words.append((library.flite_ffeature_float(item, path % (b"1", b"1", b"1", b"p.end")),
                          library.flite_ffeature_float(item, path % (b"n", b"n", b"n", b"end"))))
        result = Spoken(resample(samples, wave.rate), phones, words if len(words) == len(text.split()) else None)
        library.delete_utterance(utterance)
        return result

    def _items(self, utterance, relation: bytes):
        item = self._library.relation_head(self._library.utt_relation(utterance, relation))
        while item:
            yield item
            item = self._library.item_next(item)


class _Wave(ctypes.Structure):
    """cst_wave of flite's cst_wave.h."""
    _fields_ = [("type", ctypes.c_char_p), ("rate", ctypes.c_int), ("count", ctypes.c_int),
                ("channels", ctypes.c_int), ("samples", ctypes.POINTER(ctypes.c_short))]


def voice_features(handle) -> int:
    """Address of the feature set inside a cst_voice, whose first two members are its name and its features."""
    return ctypes.cast(handle, ctypes.POINTER(ctypes.c_void_p))[1]


@lru_cache(maxsize=None)
def espeak() -> ESpeak:
    """The process's one eSpeak."""
    return ESpeak()


@lru_cache(maxsize=None)
def flite() -> Flite:
    """The process's one Flite."""
    return Flite()


def speak(text: str, voice: dict) -> Spoken:
    """Speaks with a description such as {"engine": "flite", "voice": "slt"}; other keys go to the engine."""
    settings = {key: value for key, value in voice.items() if key != "engine"}
    return (flite() if voice["engine"] == "flite" else espeak()).speak(text, **settings)
