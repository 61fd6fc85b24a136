package blackhole.shell.gogo;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;

/**
 * A session of Gogo whose streams survive Ctrl-C. The JDK's channels over streams, which Gogo would
 * take, close themselves and their stream when the thread that uses them is interrupted: one
 * Ctrl-C, and the session would be mute for good.
 */
final class SteadySession extends CommandSessionImpl {
  SteadySession(
      CommandProcessorImpl processor, InputStream in, OutputStream out, OutputStream err) {
    super(processor, in, out, err);
    OutputChannel output = new OutputChannel(out);
    channels =
        new Channel[] {new LineInput(in), output, out == err ? output : new OutputChannel(err)};
  }

  /** Gives the next line an input of its own; commands of the line before get no more. */
  void endLine() {
    LineInput ended = (LineInput) channels[0];
    channels[0] = new LineInput(in);
    ended.end();
  }
}
