package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into the JSON values that stand in it one after the other, without looking at what
 * they are. Each is handed out as soon as its last character is read, so that somebody who types
 * gets an answer to every document. Not thread-safe.
 */
final class JsonDocuments {
  /** More than a message may have, and less than a heap. */
  private static final int MOST_CHARACTERS = 32 << 20;

  private static final int END = -1;
  private static final int NONE = -2;

  private final Reader in;
  private int line = 1;
  private int column;
  private int pushedBack = NONE;

  /**
   * One value.
   *
   * @param line of its first character, from 1
   * @param column of its first character, from 1
   */
  record Document(String text, int line, int column) {}

  JsonDocuments(Reader in) {
    this.in = in;
  }

  /** The next one, or null at the end. Blocks until it is all there. */
  @Nullable Document next() throws IOException, MethodCallException {
    int c = read();
    while (isBlank(c)) {
      c = read();
    }
    if (c == END) {
      return null;
    }
    int startLine = line;
    int startColumn = column;
    String text = c == '{' || c == '[' || c == '"' ? enclosed(c, startLine, startColumn) : bare(c);
    return new Document(text, startLine, startColumn);
  }

  /** An object, an array or a string: to the end of what began. */
  private String enclosed(int first, int startLine, int startColumn)
      throws IOException, MethodCallException {
    StringBuilder text = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    boolean escaped = false;
    int c = first;
    while (true) {
      append(text, c);
      if (escaped) {
        escaped = false;
      } else if (quoted) {
        escaped = c == '\\';
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      if (depth == 0 && !quoted) {
        return text.toString();
      }
      c = read();
      if (c == END) {
        throw new MethodCallException(
            "bad JSON: the input ends inside what begins at line "
                + startLine
                + ", column "
                + startColumn);
      }
    }
  }

  /**
   * A number, true, false, null, or no JSON at all: to the next blank, or to what cannot be in it.
   */
  private String bare(int first) throws IOException, MethodCallException {
    StringBuilder text = new StringBuilder();
    append(text, first);
    int c = read();
    while (c != END && !isBlank(c) && "{[\"".indexOf(c) < 0) {
      append(text, c);
      c = read();
    }
    unread(c);
    return text.toString();
  }

  private static void append(StringBuilder text, int c) throws MethodCallException {
    if (text.length() == MOST_CHARACTERS) {
      throw new MethodCallException(
          "a message of more than " + MOST_CHARACTERS + " characters of JSON");
    }
    text.append((char) c);
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private int read() throws IOException {
    int c;
    if (pushedBack != NONE) {
      c = pushedBack;
      pushedBack = NONE;
    } else {
      c = in.read();
    }
    if (c == '\n') {
      line++;
      column = 0;
    } else if (c != END) {
      column++;
    }
    return c;
  }

  /** Gives back what was just read; its position is counted again when it is read again. */
  private void unread(int c) {
    pushedBack = c;
    if (c == '\n') {
      line--;
    } else if (c != END) {
      column--;
    }
  }
}
