package blackhole.shell.gogo;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** {@code exit}: known to Gogo alone, since it is about the session and not about the node. */
final class ExitFunction implements Function {
  @Override
  public @Nullable Object execute(CommandSession session, List<Object> arguments) {
    GogoSession.leave(session);
    return null;
  }
}
