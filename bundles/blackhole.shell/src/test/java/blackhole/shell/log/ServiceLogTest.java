package blackhole.shell.log;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLogTest {
  @TempDir Path directory;
  private final BlockingQueue<String> followed = new LinkedBlockingQueue<>();
  private ServiceLog log;
  private Thread follower;

  @BeforeEach
  void openLog() {
    log = new ServiceLog(directory, "identity", OptionalInt.empty());
  }

  @AfterEach
  void stopFollowing() throws InterruptedException {
    if (follower != null) {
      follower.interrupt();
      follower.join(SECONDS.toMillis(30));
      assertThat(follower.isAlive()).isFalse();
    }
  }

  @Test
  void linesOfAllInstancesStandInTheOrderOfTimeAndTracesStayTogether() throws IOException {
    write("identity-1.log", time(1) + " a\n\tat a1\n\tat a2\n" + time(4) + " d\n");
    write("identity-2.log", time(2) + " b\n" + time(3) + " c\n");
    write("identity-two-1.log", time(2) + " another service\n");
    write("other.log", "x\n");

    assertThat(texts(100))
        .containsExactly(
            time(1) + " a", "\tat a1", "\tat a2", time(2) + " b", time(3) + " c", time(4) + " d");
    assertThat(texts(2)).containsExactly(time(3) + " c", time(4) + " d");
    assertThat(texts(0)).isEmpty();
  }

  @Test
  void objectsStandInTheOrderOfTimeToo() throws IOException {
    write("identity-1.log", json(1) + "\n" + json(3) + "\n");
    write("identity-2.log", json(2) + "\n" + time(4) + " d\n");
    assertThat(texts(100)).containsExactly(json(1), json(2), json(3), time(4) + " d");
  }

  private static String json(int second) {
    return "{\"time\":\"" + time(second) + "\",\"level\":\"INFO\"}";
  }

  @Test
  void olderFilesFollowWhenTheNewestIsTooShort() throws IOException {
    write("identity-1.log.10", time(1) + " oldest\n");
    write("identity-1.log.2", time(2) + " older\n");
    write("identity-1.log.1", time(3) + " old\n");
    write("identity-1.log", time(4) + " new");

    assertThat(texts(3)).containsExactly(time(2) + " older", time(3) + " old", time(4) + " new");
    assertThat(texts(100)).hasSize(4).first().asString().endsWith("oldest");
  }

  @Test
  void theEndOfALongFileIsFoundAcrossBlocks() throws IOException {
    write(
        "identity-1.log",
        IntStream.range(0, 20_000)
            .mapToObj(i -> "line " + i + " ä")
            .collect(Collectors.joining("\n", "", "\n")));

    assertThat(texts(2)).containsExactly("line 19998 ä", "line 19999 ä");
    assertThat(texts(5000)).hasSize(5000).first().isEqualTo("line 15000 ä");
    assertThat(texts(50_000)).hasSize(20_000);
  }

  @Test
  void oneLongLineIsALine() throws IOException {
    write("identity-1.log", "x".repeat(100_000) + "\n" + "y".repeat(40_000));
    assertThat(texts(1)).containsExactly("y".repeat(40_000));
    assertThat(texts(2)).hasSize(2);
  }

  @Test
  void aServiceThatNeverWroteHasAnEmptyLog() throws IOException {
    assertThat(texts(10)).isEmpty();
    assertThat(new ServiceLog(directory.resolve("none"), "a", OptionalInt.empty()).last(1))
        .isEmpty();
  }

  @Test
  void onlyTheAskedInstanceIsShown() throws IOException {
    write("identity-1.log", "one\n");
    write("identity-11.log", "eleven\n");
    assertThat(new ServiceLog(directory, "identity", OptionalInt.of(1)).last(9))
        .extracting(LogLine::text)
        .containsExactly("one");
  }

  @Test
  void followingGoesOnThroughRotationAndToNewInstances() throws Exception {
    write("identity-1.log", "before\nlast\n");
    follow(1);
    assertThat(next()).isEqualTo("last");

    append("identity-1.log", "first ");
    append("identity-1.log", "half\nsecond\n");
    assertThat(next()).isEqualTo("first half");
    assertThat(next()).isEqualTo("second");

    append("identity-1.log", "before the rotation\n");
    Files.move(directory.resolve("identity-1.log"), directory.resolve("identity-1.log.1"));
    write("identity-1.log", "after the rotation\n");
    assertThat(next()).isEqualTo("before the rotation");
    assertThat(next()).isEqualTo("after the rotation");

    write("identity-2.log", "a new instance\n");
    assertThat(next()).isEqualTo("a new instance");

    write("other-1.log", "not asked for\n");
    append("identity-1.log", "the end\n");
    assertThat(next()).isEqualTo("the end");
    assertThat(followed).isEmpty();
  }

  private void follow(int count) {
    follower =
        new Thread(
            () -> {
              try {
                log.follow(count, followed::add);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                followed.add(e.toString());
              }
            });
    follower.start();
  }

  private String next() throws InterruptedException {
    String line = followed.poll(30, SECONDS);
    assertThat(line).isNotNull();
    return line;
  }

  private List<String> texts(int count) throws IOException {
    return log.last(count).stream().map(LogLine::text).toList();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text, APPEND);
  }

  private static String time(int second) {
    return "2026-01-01T00:00:0" + second + ".000Z";
  }
}
