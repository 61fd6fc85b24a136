package blackhole.shell.command;

import java.io.IOException;
import java.time.Duration;

/** A terminal that a command may draw on, for a live view. Used by the command's thread alone. */
public interface Screen {
  /**
   * Takes the whole terminal, until closed; then it is as it was before. Keys are not echoed
   * meanwhile.
   */
  Drawing open();

  /** A terminal that is taken. */
  interface Drawing extends AutoCloseable {
    /** What {@link #key} returns for no key. */
    int NONE = -1;

    /** What {@link #key} returns after Ctrl-C, or when nobody will press a key any more. */
    int GONE = -2;

    int columns();

    int rows();

    /** Shows these lines in the place of what is there; what does not fit is cut off. */
    void show(String lines);

    /**
     * The next key, as a character; {@link #NONE} when none was pressed within the time, or as soon
     * as the terminal has another size than what was shown was for.
     */
    int key(Duration timeout) throws IOException, InterruptedException;

    @Override
    void close();
  }
}
