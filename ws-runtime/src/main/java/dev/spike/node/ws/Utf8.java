package dev.spike.node.ws;

/** Strict UTF-8 validation (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
final class Utf8 {
  private Utf8() {}

  static boolean isValid(byte[] bytes) {
    int length = bytes.length;
    int i = 0;
    while (i < length) {
      int b = bytes[i];
      if (b >= 0) {
        i++;
        continue;
      }
      int needed;
      int least = 0x80;
      int most = 0xBF;
      int first = b & 0xFF;
      if (first >= 0xC2 && first <= 0xDF) {
        needed = 1;
      } else if (first >= 0xE0 && first <= 0xEF) {
        needed = 2;
        least = first == 0xE0 ? 0xA0 : 0x80;
        most = first == 0xED ? 0x9F : 0xBF;
      } else if (first >= 0xF0 && first <= 0xF4) {
        needed = 3;
        least = first == 0xF0 ? 0x90 : 0x80;
        most = first == 0xF4 ? 0x8F : 0xBF;
      } else {
        return false;
      }
      if (i + needed >= length) {
        return false;
      }
      int second = bytes[i + 1] & 0xFF;
      if (second < least || second > most) {
        return false;
      }
      for (int k = 2; k <= needed; k++) {
        if ((bytes[i + k] & 0xC0) != 0x80) {
          return false;
        }
      }
      i += needed + 1;
    }
    return true;
  }
}
