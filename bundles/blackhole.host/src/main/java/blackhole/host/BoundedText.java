package blackhole.host;

/** Text cut to a number of UTF-8 bytes, which is what a message's limit counts. */
final class BoundedText {
  private BoundedText() {}

  /** The text, or as much of its beginning as fits, with a note. Never half a character. */
  static String bound(String text, int maxBytes) {
    // the common case, told without a pass: a char is 3 bytes at most
    if (text.length() <= maxBytes / 3) {
      return text;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        return text.substring(0, i) + "\n… cut here after " + maxBytes + " bytes\n";
      }
      i += Character.charCount(codePoint);
    }
    return text;
  }
}
