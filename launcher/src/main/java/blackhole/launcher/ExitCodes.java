package blackhole.launcher;

/** How the process ends; users' scripts rely on these. */
public final class ExitCodes {
  public static final int DONE = 0;

  /** The command failed. */
  public static final int FAILED = 1;

  /** Wrong usage, or a wrong configuration. */
  public static final int USAGE = 2;

  /** No node runs at this home. */
  public static final int NO_NODE = 3;

  /** Another node holds the home. */
  public static final int HOME_IN_USE = 4;

  private ExitCodes() {}
}
