package blackhole.api.host;

/** Backslash escapes: for the backslash, line ends, and one separator of the caller's. */
final class Escapes {
  private Escapes() {}

  static void escape(StringBuilder out, String text, char separator) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append("\\n");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c == '\\' || c == separator) {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
  }

  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (++i == text.length()) {
        throw new IllegalArgumentException("a backslash stands at the end");
      }
      char escaped = text.charAt(i);
      out.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
    }
    return out.toString();
  }

  /** Where the separator stands unescaped first, or -1. */
  static int indexOf(String text, char separator) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == separator) {
        return i;
      }
    }
    return -1;
  }
}
