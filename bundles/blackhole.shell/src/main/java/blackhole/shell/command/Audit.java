package blackhole.shell.command;

import java.util.List;

/** Hears of every change that an operator asks for. Thread-safe. */
public interface Audit {
  /** For a shell in which nothing can be changed, or whose changes are nobody's business. */
  Audit NONE = (command, words, change) -> change.run();

  /** What the operator wants done. */
  @FunctionalInterface
  interface Change {
    void run() throws Exception;
  }

  /**
   * Makes a change, and keeps that it was asked for and how it ended. That this cannot be kept is
   * no reason not to make it: a node must be administered with a full disk, too.
   *
   * @param words what was typed after the command's name
   */
  void make(String command, List<String> words, Change change) throws Exception;
}
