package blackhole.shell.server;

import blackhole.shell.gogo.GogoRuntime;
import blackhole.shell.gogo.GogoSession;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import blackhole.shell.protocol.ShellRequest;
import blackhole.shell.protocol.WindowSize;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.felix.gogo.jline.Parser;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal.Signal;

/** An interactive shell: reads a line, runs it, and again. */
final class InteractiveSession implements Session {
  private static final System.Logger LOG = System.getLogger(InteractiveSession.class.getName());
  private static final String PROMPT = "blackhole> ";
  private static final String HISTORY_FILE = "shell_history";

  private final SessionTerminal terminal;
  private final GogoSession gogo;
  private final LineReader reader;
  private final String greeting;
  private volatile boolean reading;
  private volatile boolean closed;

  InteractiveSession(ShellRequest request, Sessions sessions, FrameOutput output)
      throws IOException {
    GogoRuntime runtime = sessions.runtime().get();
    terminal = new SessionTerminal(request.term(), request.size(), output.stream(FrameType.STDOUT));
    gogo =
        new GogoSession(
            runtime,
            terminal.input(),
            terminal.output(),
            terminal.output(),
            Path.of(request.directory()),
            terminal::getWidth);
    gogo.terminal(terminal);
    terminal.handle(Signal.INT, signal -> gogo.interrupt());
    reader = reader(runtime, sessions);
    greeting = greeting(sessions.nodeId(), request.foreground());
  }

  private LineReader reader(GogoRuntime runtime, Sessions sessions) throws IOException {
    Path history = sessions.home().state().resolve(HISTORY_FILE);
    try {
      Files.createFile(
          history,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      // from earlier shells
    }
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .appName("blackhole")
        .parser(new Parser())
        .completer(new LineCompleter(runtime, sessions.targets()))
        .variable(LineReader.HISTORY_FILE, history)
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%M> ")
        // "!" is an ordinary character in a line of Gogo
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .build();
  }

  private static String greeting(String nodeId, boolean foreground) {
    return "Blackhole, "
        + nodeId
        + ". 'help' lists the commands, Tab completes, "
        + (foreground ? "'exit' stops the node." : "'exit' leaves this shell.");
  }

  @Override
  public int run() {
    try (gogo) {
      terminal.writer().println(greeting);
      terminal.flush();
      while (!gogo.isOver() && readAndRun()) {
        // until there is nothing more to read
      }
      return 0;
    } finally {
      saveHistory();
    }
  }

  /** False at the end of input. */
  private boolean readAndRun() {
    try {
      reading = true;
      String line = reader.readLine(PROMPT);
      reading = false;
      if (!line.isBlank()) {
        gogo.run(line);
        terminal.flush();
      }
      return true;
    } catch (UserInterruptException e) {
      // Ctrl-C at the prompt has cleared the line.
      return true;
    } catch (EndOfFileException e) {
      return false;
    } catch (IOError | RuntimeException e) {
      // A terminal that is taken away fails in ways of its own.
      if (closed) {
        return false;
      }
      throw e;
    } finally {
      reading = false;
    }
  }

  private void saveHistory() {
    try {
      reader.getHistory().save();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot save the shell's history", e);
    }
  }

  @Override
  public void receive(Frame frame) throws IOException {
    switch (frame.type()) {
      case STDIN -> terminal.type(frame.payload(), reading);
      case RESIZE -> {
        terminal.resize(WindowSize.decode(frame));
        terminal.raise(Signal.WINCH);
      }
      case INTERRUPT -> terminal.raise(Signal.INT);
      default -> LOG.log(System.Logger.Level.DEBUG, "ignored a frame: {0}", frame.type());
    }
  }

  @Override
  public void close() {
    closed = true;
    gogo.close();
    try {
      terminal.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close a terminal", e);
    }
  }
}
