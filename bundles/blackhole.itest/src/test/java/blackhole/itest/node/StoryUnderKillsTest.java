package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.analytics.v1.QueryRequest;
import blackhole.analytics.v1.Summary;
import blackhole.analytics.v1.Window;
import blackhole.events.v1.Event;
import blackhole.identity.v1.DidCreated;
import blackhole.indexer.v1.Hit;
import blackhole.indexer.v1.IndexerGrpc;
import blackhole.indexer.v1.SearchRequest;
import blackhole.itest.ServiceContractsTest;
import blackhole.itest.node.Stories.Story;
import blackhole.ledger.v1.Entry;
import blackhole.ledger.v1.LedgerGrpc;
import blackhole.ledger.v1.ListRequest;
import blackhole.ledger.v1.VerifyRequest;
import blackhole.ledger.v1.VerifyResponse;
import blackhole.storage.v1.BlobStored;
import blackhole.telemetry.v1.Aggregate;
import blackhole.telemetry.v1.Series;
import blackhole.telemetry.v1.TelemetryGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientInterceptors;
import io.grpc.stub.AbstractStub;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tour's story on a node of all services, each of which is killed once while it is told. In the
 * end every service has all its facts, and none of them twice; and whoever looks on sees all of it.
 */
class StoryUnderKillsTest {
  private static final List<String> SERVICES =
      List.of("identity", "storage", "ledger", "events", "analytics", "indexer", "telemetry");

  private static final int TELLERS = 2;
  private static final int STORIES_FOR_EACH = 2;

  private static final String NODE =
      """
      services:
        identity: { %1$s }
        storage: { depends_on: [identity], %1$s }
        ledger: { depends_on: [identity], %1$s }
        events: { %1$s }
        analytics: { depends_on: [events], custom: { save_interval: 50ms }, %1$s }
        indexer: { depends_on: [storage, events], %1$s }
        telemetry: { custom: { sample_interval: 500ms, retention: 1h }, %1$s }
      """
          .formatted("restart_policy: { max_restarts: 100, restart_delay: 10ms }");

  @TempDir private Path folder;

  @Test
  void theFactsAreAllThereAndNoneTwiceWhenEachProcessIsKilledOnce() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("the order of the kills is of seed " + seed);
    try (Monitoring monitoring = Monitoring.start(folder);
        TestNode node = TestNode.start(monitoring.yaml() + NODE)) {
      Stories stories = new Stories(node);
      Map<String, Long> killed = tellWhileAllAreKilled(node, stories, new Random(seed));
      killed.forEach((service, old) -> node.awaitReplaced(service, old, TestNode.PATIENCE));

      List<Story> told = stories.told();
      assertThat(told).hasSize(SERVICES.size() * STORIES_FOR_EACH);
      for (String service : List.of("identity", "storage")) {
        Await.until(
            service + " has nothing left to publish",
            TestNode.PATIENCE,
            () -> metric(node, service, "outbox_events") == 0);
      }
      assertUsersAndBlobs(stories, told);
      assertLedger(node, told);
      List<Event> events =
          stories
              .blobs(told.get(0).token())
              .upTo((long) metric(node, "events", "log_last_position"));
      assertEvents(events, told);
      assertCounts(node, events, told);
      assertIndex(node, told);
      assertHistory(node, told);
      assertTour(node);
      assertRefusals(node, told.get(0));
      assertOperatorsSeeIt(monitoring, node, told.get(0));
    }
  }

  /** Each is killed at some step of the stories that are told then; gives their old processes. */
  private static Map<String, Long> tellWhileAllAreKilled(
      TestNode node, Stories stories, Random random) throws Exception {
    Map<String, Long> pids = new HashMap<>();
    SERVICES.forEach(service -> pids.put(service, node.pid(service).orElseThrow()));
    List<String> victims = new ArrayList<>(SERVICES);
    Collections.shuffle(victims, random);
    ExecutorService tellers = Executors.newFixedThreadPool(TELLERS);
    try {
      for (String victim : victims) {
        CountDownLatch steps =
            new CountDownLatch(1 + random.nextInt(STORIES_FOR_EACH * Stories.STEPS));
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < STORIES_FOR_EACH; i++) {
          running.add(tellers.submit(() -> stories.tell(steps::countDown)));
        }
        // or a story has failed, which its future says
        boolean unused = steps.await(3 * TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        TestNode.signal(pids.get(victim), "KILL");
        for (Future<?> story : running) {
          story.get(10 * TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
      }
    } finally {
      tellers.shutdownNow();
    }
    return pids;
  }

  private static double metric(TestNode node, String service, String name) {
    return node.metrics(service).orElseThrow().get(name);
  }

  private static <S extends AbstractStub<S>> S as(Story user, S stub) {
    return stub.withInterceptors(Stories.bearer(user.token()))
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void assertUsersAndBlobs(Stories stories, List<Story> told) {
    for (Story story : told) {
      assertThat(stories.did(story.token())).isEqualTo(story.did());
      assertThatThrownBy(() -> stories.register(story.user()))
          .hasMessageStartingWith("ALREADY_EXISTS");
      assertThat(stories.blobs(story.token()).get(story.cid())).isEqualTo(story.document());
    }
    assertThat(told).extracting(Story::did).doesNotHaveDuplicates();
    assertThat(stories.blobs(told.get(0).token()).list())
        .containsExactlyInAnyOrderElementsOf(told.stream().map(Story::cid).toList());
  }

  private static void assertLedger(TestNode node, List<Story> told) {
    LedgerGrpc.LedgerBlockingStub ledger =
        as(told.get(0), LedgerGrpc.newBlockingStub(node.channel("ledger")));
    List<Entry> entries =
        ledger.list(ListRequest.newBuilder().setPageSize(1000).build()).getEntriesList();
    assertThat(entries)
        .extracting(entry -> entry.getAuthor() + " " + entry.getKey())
        .containsExactlyInAnyOrderElementsOf(
            told.stream().map(story -> story.did() + " " + story.cid()).toList());
    VerifyResponse verified = ledger.verify(VerifyRequest.getDefaultInstance());
    assertThat(verified.getDone()).isTrue();
    assertThat(verified.getVerified()).isEqualTo(told.size());
    assertThat(verified.getDamageList()).isEmpty();
  }

  /** A position may be left out where a torn end was cut off, and none is given twice. */
  private static void assertEvents(List<Event> events, List<Story> told)
      throws InvalidProtocolBufferException {
    assertThat(events).extracting(Event::getPosition).isSorted().doesNotHaveDuplicates();
    assertThat(events)
        .extracting(event -> event.getSource() + " " + event.getId())
        .doesNotHaveDuplicates();
    List<String> created = new ArrayList<>();
    List<String> stored = new ArrayList<>();
    for (Event event : events) {
      if (event.getType().equals("did.created")) {
        created.add(event.getData().unpack(DidCreated.class).getDid());
      } else if (event.getType().equals("blob.stored")) {
        BlobStored blob = event.getData().unpack(BlobStored.class);
        stored.add(blob.getStoredBy() + " " + blob.getCid());
      }
    }
    assertThat(created).containsExactlyInAnyOrderElementsOf(told.stream().map(Story::did).toList());
    assertThat(stored)
        .containsExactlyInAnyOrderElementsOf(
            told.stream().map(story -> story.did() + " " + story.cid()).toList());
  }

  private static void assertCounts(TestNode node, List<Event> events, List<Story> told) {
    long last = events.get(events.size() - 1).getPosition();
    Await.until(
        "analytics has come to the last event",
        TestNode.PATIENCE,
        () -> metric(node, "analytics", "analytics_position") >= last);
    AnalyticsGrpc.AnalyticsBlockingStub analytics =
        as(told.get(0), AnalyticsGrpc.newBlockingStub(node.channel("analytics")));
    for (String type : List.of("did.created", "blob.stored")) {
      Summary summary =
          analytics
              .query(
                  QueryRequest.newBuilder()
                      .setType(type)
                      .setWindow(Window.DAY)
                      .setWholeRange(true)
                      .build())
              .getWindows(0);
      assertThat(summary.getCount()).as(type).isEqualTo(told.size());
    }
  }

  private static void assertIndex(TestNode node, List<Story> told) {
    IndexerGrpc.IndexerBlockingStub indexer = IndexerGrpc.newBlockingStub(node.channel("indexer"));
    Await.until(
        "the indexer has all documents",
        TestNode.PATIENCE,
        () -> metric(node, "indexer", "indexer_documents") >= told.size());
    for (Story story : told) {
      assertThat(
              as(story, indexer)
                  .search(SearchRequest.newBuilder().setQuery(story.word()).build())
                  .getHitsList())
          .extracting(Hit::getCid)
          .containsExactly(story.cid());
    }
    assertThat(metric(node, "indexer", "indexer_documents")).isEqualTo(told.size());
  }

  private static void assertHistory(TestNode node, List<Story> told) {
    TelemetryGrpc.TelemetryBlockingStub telemetry =
        TelemetryGrpc.newBlockingStub(node.channel("telemetry"));
    for (String service : SERVICES) {
      Await.until(
          service + " has a history",
          TestNode.PATIENCE,
          () ->
              as(told.get(0), telemetry)
                  .query(
                      blackhole.telemetry.v1.QueryRequest.newBuilder()
                          .setService(service)
                          .addMetrics("rss_bytes")
                          .setAggregate(Aggregate.LAST)
                          .build())
                  .getSeriesList()
                  .stream()
                  .map(Series::getPointsList)
                  .flatMap(List::stream)
                  .anyMatch(point -> point.getValue() > 1 << 20));
    }
  }

  /** What was killed all over serves the whole tour. */
  private static void assertTour(TestNode node) {
    CommandResult tour = node.launcher("tour");
    assertThat(tour.exitCode()).as("%s", tour).isZero();
    assertThat(tour.stdout()).contains("8. telemetry shows it", "That was the story: 8 steps.");
  }

  /** While it is at work. */
  private static void assertOperatorsSeeIt(Monitoring monitoring, TestNode node, Story user)
      throws Exception {
    try (Blobs.Load load = new Blobs.Load(new Blobs(node, user.token()))) {
      monitoring.assertScrapeHas(SERVICES);
      Users.register(node.channel("identity"), "tracer");
      monitoring.assertTraceOfAPut(node, Users.authenticate(node.channel("identity"), "tracer"));
      monitoring.assertHearsOfACrashLoop(node, "telemetry");
      assertThat(load.stop()).isNotEmpty();
    }
  }

  /** What is wrong with a request is said field by field, by every service. */
  private static void assertRefusals(TestNode node, Story user) {
    int asked =
        SERVICES.stream()
            .mapToInt(
                service ->
                    BadRequests.assertAreRefusedByField(
                        ClientInterceptors.intercept(
                            node.channel(service), Stories.bearer(user.token())),
                        ServiceContractsTest.services()
                            .filter(schema -> schema.getFullName().contains("." + service + "."))
                            .findFirst()
                            .orElseThrow()))
            .sum();
    assertThat(asked).isGreaterThan(50);
  }
}
