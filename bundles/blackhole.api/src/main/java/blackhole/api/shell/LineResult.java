package blackhole.api.shell;

/** What a line printed, and how it ended: 0 done, 1 failed. */
public record LineResult(int exitCode, String stdout, String stderr) {}
