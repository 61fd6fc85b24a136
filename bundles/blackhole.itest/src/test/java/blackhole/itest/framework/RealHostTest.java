package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.framework.echo.LoggingService;
import blackhole.itest.framework.echo.StringMethods;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A real host's bundles come from one class path, where any of them could see all. Here it is held
 * against the same run of plain bundles, and asked for what it must not see.
 */
class RealHostTest {
  private static final Pattern BUNDLE = Pattern.compile("(\\S+) \\[\\d+] requires:");
  private static final Pattern WIRE =
      Pattern.compile("osgi\\.wiring\\.package; (\\S+) \\S+ from (\\S+) \\[\\d+]");

  private static final String SECRET = "hunter2-of-echo-0042";

  private static final int WARM_UP = 10;

  /** Even, so that it ends with the version that it began with. */
  private static final int TURNS = 40;

  @TempDir private static Path jars;
  private static Path first;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    first = TestBundle.echo(jars, "1.0.0");
    // the second compiler keeps what it learns of methods among the classes, which then grow for
    // long
    node =
        TestNode.start(
            """
            services:
              identity: {}
              echo:
                bundle: "%s"
                jvm_args: ["-XX:TieredStopAtLevel=1", "-Decho.password=${file:%s}"]
                custom: { greeting: "hello ${file:%<s}" }
            supervisor: { update_observation: 0ms }
            """
                .formatted(first, Files.writeString(jars.resolve("secret"), SECRET + "\n")));
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void showsABundleOnlyWhatItImports() {
    ManagedChannel channel = node.channel("echo");
    Loading.assertIsolated(
        (method, name) ->
            ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                    StringValue.of(name))
                .getValue());
  }

  @Test
  void isWiredAsItsRunOfPlainBundlesIs() throws Exception {
    SortedSet<String> wires =
        wiresIn(node.exec("bh:in identity 'inspect req osgi.wiring.package'"));

    assertThat(wires)
        .contains(
            "blackhole.identity: org.sqlite from org.xerial.sqlite-jdbc",
            "blackhole.identity: io.grpc from blackhole.grpc",
            "blackhole.endpoint: io.netty.channel from io.netty.transport")
        .containsExactlyElementsOf(plainWires());
  }

  /** The same lines, whatever a bundle logs by; levels are changed while it runs. */
  @Test
  void logsOfEveryKindAreLinesOfOneLog() {
    assertThat(node.exec("bh:log echo " + LoggingService.LOGGERS + " warning")).contains("echo-1");
    say("one");
    assertThat(node.exec("bh:log echo " + LoggingService.LOGGERS + " trace")).contains("echo-1");
    say("two");

    List<String> lines =
        node.exec("bh:logs echo -n 1000")
            .lines()
            .filter(line -> line.contains(" " + LoggingService.LOGGERS))
            // other tests have it say other things
            .filter(line -> line.contains(": one ") || line.contains(": two "))
            .toList();
    String origin = " echo-1 [" + node.pid("echo").orElseThrow() + "] ";
    assertThat(lines).allMatch(line -> line.contains(origin));
    assertThat(lines)
        .extracting(line -> line.substring(line.indexOf('Z') + 2).replace(origin, " echo-1 [P] "))
        .containsExactly(
            "WARN  echo-1 [P] talks.slf4j: one by slf4j",
            "WARN  echo-1 [P] talks.osgi: one by OSGi",
            "AUDIT echo-1 [P] talks.osgi: one is kept in any case",
            "WARN  echo-1 [P] talks.printf: one by OSGi 007",
            "WARN  echo-1 [P] talks.system: one by the JDK",
            "WARN  echo-1 [P] talks.slf4j: two by slf4j",
            "DEBUG echo-1 [P] talks.slf4j: two in detail",
            "WARN  echo-1 [P] talks.osgi: two by OSGi",
            "DEBUG echo-1 [P] talks.osgi: two in detail",
            "AUDIT echo-1 [P] talks.osgi: two is kept in any case",
            "WARN  echo-1 [P] talks.printf: two by OSGi 007",
            "WARN  echo-1 [P] talks.system: two by the JDK");
  }

  /** A service knows its secrets, and may log them; who reads that is not to know them. */
  @Test
  void secretsStandNowhere() throws Exception {
    say("login with " + SECRET + ", Bearer eyJhbGci.e30.c2ln");
    List<String> commands =
        List.of("config echo", "info echo", "ps --all", "health", "endpoints", "limits echo")
            .stream()
            .map(command -> "bh:" + command)
            .toList();
    String logged = node.exec("bh:logs echo -n 1000");
    String shown =
        logged
            + node.exec(String.join("; ", commands) + "; bh:journal; bh:history echo; bh:trace")
            + node.exec(String.join(" --json; ", commands) + " --json; bh:reload --dry-run --json");
    assertThat(shown)
        .doesNotContain(SECRET, "eyJhbGci")
        .contains("login with ***, Bearer *** by slf4j", "-Decho.password=***", "${file:");
    try (Stream<Path> files = Files.list(node.home().resolve("log"))) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).as("%s", file).doesNotContain(SECRET, "eyJhbGci");
      }
    }
  }

  /** In the trace of an update: what the orchestrator does, and below it what the host does. */
  @Test
  void anUpdateIsATraceOfItsPhases() throws Exception {
    takeTurns(2, TestBundle.echo(jars, "2.0.0"), node.channel("echo"));
    Matcher update =
        Pattern.compile("([0-9a-f]{32})\\s+orchestrator\\s+update echo")
            .matcher(node.exec("bh:trace"));
    assertThat(update.find()).isTrue();

    Await.until(
        "the host's part has come",
        TestNode.PATIENCE,
        () -> node.exec("bh:trace " + update.group(1)).contains("echo-1 drain"));
    assertThat(node.exec("bh:trace " + update.group(1)).lines().map(line -> tree(line)))
        .containsSubsequence(
            "orchestrator update echo",
            "├─ orchestrator check",
            "├─ orchestrator update echo-1 to 1.0.0",
            "│  └─ echo-1 swap the bundle",
            "│     ├─ echo-1 install",
            "│     ├─ echo-1 start",
            "│     └─ echo-1 drain",
            "└─ orchestrator verify echo-1");
  }

  /** Without its columns of times. */
  private static String tree(String line) {
    return line.replaceFirst("^( *[0-9.]+ (µs|ms|s)){2}  ", "");
  }

  private static void say(String text) {
    String unused =
        ClientCalls.blockingUnaryCall(
                node.channel("echo"),
                StringMethods.method("Logging", "Say"),
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                StringValue.of(text))
            .getValue();
  }

  /** One that leaked anything would hold all of its classes, and its class loader. */
  @Test
  void holdsNothingOfVersionsThatAreGone() throws Exception {
    Path second = TestBundle.echo(jars, "2.0.0");
    long pid = node.pid("echo").orElseThrow();
    ManagedChannel channel = node.channel("echo");
    takeTurns(WARM_UP, second, channel);
    HostFootprint before = HostFootprint.of(pid);

    takeTurns(TURNS, second, channel);

    HostFootprint after = HostFootprint.of(pid);
    String change = before + " has become " + after;
    assertThat(node.pid("echo")).as("its process").hasValue(pid);
    assertThat(after.bundleLoaders()).as(change).isLessThanOrEqualTo(before.bundleLoaders());
    // a class for each turn would be a leak, and so would be a thread or a file
    assertThat(after.classes()).as(change).isLessThan(before.classes() + TURNS);
    assertThat(after.threads()).as(change).isLessThan(before.threads() + TURNS / 2);
    assertThat(after.files()).as(change).isLessThan(before.files() + TURNS / 2);
    assertThat(after.metaspaceKb()).as(change).isLessThan(before.metaspaceKb() + TURNS * 10);
  }

  private static void takeTurns(int turns, Path second, ManagedChannel channel) {
    for (int turn = 1; turn <= turns; turn++) {
      boolean even = turn % 2 == 0;
      assertThat(node.exec("bh:update echo " + (even ? first : second))).contains("updated from");
      assertThat(
              ClientCalls.blockingUnaryCall(
                      channel,
                      StringMethods.method("Echo", "Say"),
                      CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                      StringValue.of("you"))
                  .getValue())
          .startsWith(even ? "1.0.0" : "2.0.0");
    }
  }

  /** Each bundle, and every package that it imports with the bundle that exports it. */
  private static SortedSet<String> wiresIn(String inspected) {
    SortedSet<String> wires = new TreeSet<>();
    String importer = "";
    for (String line : inspected.lines().map(String::strip).toList()) {
      Matcher bundle = BUNDLE.matcher(line);
      Matcher wire = WIRE.matcher(line);
      if (bundle.matches()) {
        importer = bundle.group(1);
        wires.add(importer);
      } else if (wire.matches()) {
        wires.add(importer + ": " + wire.group(1) + " from " + wire.group(2));
      }
    }
    return wires;
  }

  /** The framework is looked at from outside: nothing of the tests is in it. */
  private static SortedSet<String> plainWires() throws Exception {
    NativeTestContainer container =
        new NativeTestContainer(
            DefaultExamSystem.create(ResolvedRun.plain("host")), new FrameworkFactory());
    container.start();
    try {
      BundleContext context = container.getSystemBundle().getBundleContext();
      // as a host does it: the platform is wired already, and never to a service's libraries
      for (Path jar : ResolvedRun.servicesOwn("identity")) {
        context.installBundle(jar.toUri().toString()).start();
      }
      SortedSet<String> wires = new TreeSet<>();
      for (Bundle bundle : context.getBundles()) {
        wires.add(bundle.getSymbolicName());
        wires.addAll(wiresOf(bundle));
      }
      return wires;
    } finally {
      container.stop();
    }
  }

  private static List<String> wiresOf(Bundle bundle) {
    return bundle
        .adapt(BundleWiring.class)
        .getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)
        .stream()
        .map(
            wire ->
                bundle.getSymbolicName()
                    + ": "
                    + wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)
                    + " from "
                    + wire.getProvider().getSymbolicName())
        .toList();
  }
}
