package blackhole.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.StateHistory.Event;
import blackhole.orchestrator.supervision.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateJournalTest {
  private static final Instant TIME = Instant.parse("2026-11-28T10:00:00.123456789Z");

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("journal.jsonl");
  }

  private static Event note(int number) {
    return new Event(
        TIME.plusSeconds(number),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        "note \"" + number + "\"\nof two lines",
        "operator",
        false);
  }

  private List<Event> reopened() {
    try (StateJournal journal = StateJournal.open(file)) {
      return journal.events();
    }
  }

  @Test
  void whatHappenedIsThereAfterARestart() {
    try (StateJournal journal = StateJournal.open(file)) {
      assertThat(journal.events()).isEmpty();
      journal.record(
          new Journal.Entry(
              TIME,
              new InstanceId("identity", 2),
              InstanceState.READY,
              InstanceState.BACKOFF,
              "killed by signal 9",
              "supervisor",
              true));
      journal.decided(
          new Journal.Decision(TIME, "storage", Journal.Topic.SCALING, "scaled", "scaler", false));
      journal.add(note(3));
    }
    assertThat(reopened())
        .containsExactly(
            new Event(
                TIME,
                Optional.of("identity"),
                OptionalInt.of(2),
                Optional.of(InstanceState.READY),
                Optional.of(InstanceState.BACKOFF),
                "killed by signal 9",
                "supervisor",
                true),
            new Event(
                TIME,
                Optional.of("storage"),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                "scaled",
                "scaler",
                false),
            note(3));
  }

  @Test
  void theNewestAreKeptAndTheFileStaysSmall() throws IOException {
    int all = 5 * StateJournal.KEPT;
    try (StateJournal journal = StateJournal.open(file)) {
      for (int i = 0; i < all; i++) {
        journal.add(note(i));
      }
      assertThat(journal.events()).hasSize(StateJournal.KEPT).endsWith(note(all - 1));
    }
    assertThat(Files.readAllLines(file)).hasSizeBetween(StateJournal.KEPT, 2 * StateJournal.KEPT);
    assertThat(reopened())
        .hasSize(StateJournal.KEPT)
        .startsWith(note(all - StateJournal.KEPT))
        .endsWith(note(all - 1));
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void whatIsNoEventIsLeftOutAndNothingIsAddedToIt() throws IOException {
    try (StateJournal journal = StateJournal.open(file)) {
      journal.add(note(1));
    }
    Files.writeString(file, "{}\n[]\nnull\n{\"time\":\"2026", StandardOpenOption.APPEND);
    try (StateJournal journal = StateJournal.open(file)) {
      assertThat(journal.events()).containsExactly(note(1));
      journal.add(note(2));
    }
    assertThat(reopened()).containsExactly(note(1), note(2));
  }

  @Test
  void aFileThatCannotBeWrittenCostsTheMemoryOverARestartOnly() throws IOException {
    Files.createDirectory(file);
    try (StateJournal journal = StateJournal.open(file)) {
      journal.add(note(1));
      assertThat(journal.events()).containsExactly(note(1));
    }
  }
}
