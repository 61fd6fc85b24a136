package blackhole.shell.gogo;

import java.io.InputStream;
import java.io.OutputStream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;

/**
 * Gogo's processor, with sessions whose streams survive Ctrl-C. It has no {@code ThreadIO}, so it
 * leaves {@code System.out} alone.
 */
final class SteadyProcessor extends CommandProcessorImpl {
  @Override
  public SteadySession createSession(InputStream in, OutputStream out, OutputStream err) {
    synchronized (sessions) {
      if (stopped) {
        throw new IllegalStateException("the shell has stopped");
      }
      SteadySession session = new SteadySession(this, in, out, err);
      sessions.put(session, null);
      return session;
    }
  }
}
