package blackhole.testkit;

/** How a command of the launcher ended, and what it printed. */
public record CommandResult(int exitCode, String stdout, String stderr) {}
