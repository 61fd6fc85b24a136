package blackhole.launcher;

/** Long lines of JSON, for people: broken behind commas, but never inside of a text. */
final class Wrapped {
  private static final int COLUMNS = 100;
  private static final String INDENT = "     ";

  private Wrapped() {}

  /** The same text, over as many lines as it takes. */
  static String text(String line) {
    StringBuilder wrapped = new StringBuilder();
    int column = 0;
    int begin = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++; // what is escaped ends nothing
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        column = append(wrapped, line.substring(begin, i + 1), column);
        begin = i + 1;
      }
    }
    int unused = append(wrapped, line.substring(begin), column);
    return wrapped.toString();
  }

  /** Returns the column that it ends at. */
  private static int append(StringBuilder wrapped, String piece, int column) {
    if (column == 0 || column + piece.length() <= COLUMNS) {
      wrapped.append(piece);
      return column + piece.length();
    }
    String stripped = piece.stripLeading();
    wrapped.append(System.lineSeparator()).append(INDENT).append(stripped);
    return INDENT.length() + stripped.length();
  }
}
