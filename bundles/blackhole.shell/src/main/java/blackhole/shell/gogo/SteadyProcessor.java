package blackhole.shell.gogo;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;

/**
 * Gogo's processor, with sessions whose streams survive Ctrl-C. It has no {@code ThreadIO}, so it
 * leaves {@code System.out} alone.
 */
final class SteadyProcessor extends CommandProcessorImpl {
  @Override
  public CommandSessionImpl createSession(InputStream in, OutputStream out, OutputStream err) {
    synchronized (sessions) {
      if (stopped) {
        throw new IllegalStateException("the shell has stopped");
      }
      CommandSessionImpl session = new SteadySession(this, in, out, err);
      sessions.put(session, null);
      return session;
    }
  }

  /**
   * The JDK's channels over streams, which Gogo would take, close themselves and their stream when
   * the thread that uses them is interrupted: one Ctrl-C, and the session would be mute for good.
   */
  private static final class SteadySession extends CommandSessionImpl {
    SteadySession(
        CommandProcessorImpl processor, InputStream in, OutputStream out, OutputStream err) {
      super(processor, in, out, err);
      StreamChannel output = StreamChannel.to(out);
      channels =
          new Channel[] {
            StreamChannel.from(in), output, out == err ? output : StreamChannel.to(err)
          };
    }
  }
}
