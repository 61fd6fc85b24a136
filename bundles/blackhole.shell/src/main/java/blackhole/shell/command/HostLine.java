package blackhole.shell.command;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;

/** A line of Gogo that a command has a host run. */
final class HostLine {
  private HostLine() {}

  /**
   * Waits for its end.
   *
   * @throws CommandException when it fails, with the reason
   */
  static LineResult run(Hosts hosts, InstanceId id, String line) throws InterruptedException {
    LineResult result = Invocation.await(hosts.execute(id, line));
    check(result);
    return result;
  }

  /**
   * @throws CommandException when it has failed, with the reason
   */
  static void check(LineResult result) {
    if (result.exitCode() != 0) {
      String why = result.stderr().strip();
      throw new CommandException(why.isEmpty() ? "the line failed" : why);
    }
  }
}
