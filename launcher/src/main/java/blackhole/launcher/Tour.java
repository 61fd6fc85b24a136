package blackhole.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One story through the services of a node: each step is a call, printed with its answer, and a
 * check that the answer continues the story. A service that the node does not have is passed over,
 * but for those that the story is about.
 */
final class Tour {
  private static final long PATIENCE_SECONDS = 120;
  private static final long LOOK_EVERY_MILLIS = 250;

  private static final Set<String> SERVICES =
      Set.of("identity", "storage", "ledger", "events", "analytics", "indexer", "telemetry");

  private static final String COUNT =
      "{\"type\": \"blob.stored\", \"window\": \"DAY\", \"wholeRange\": true}";

  private final NodeCalls node;
  private final PrintStream out;
  private final CountDownLatch never = new CountDownLatch(1);
  private final Map<String, String> states = new HashMap<>();

  private final String user = "tour-" + random();
  private final String password = random() + random();

  /** A word that no other document has. */
  private final String word = "word" + random();

  private int number;
  private int skipped;
  private String did = "";
  private String cid = "";

  Tour(NodeCalls node, PrintStream out) {
    this.node = node;
    this.out = out;
  }

  private static String random() {
    byte[] bytes = new byte[6];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private interface Calls {
    void make() throws IOException, InterruptedException;
  }

  private interface Call {
    Json make() throws IOException, InterruptedException;
  }

  /**
   * @throws LauncherException with code 1 where the story does not go on
   */
  void take() throws IOException, InterruptedException {
    awaitReady();
    register();
    authenticate();
    long position = has("events") ? position() : 0;
    long counted = has("analytics") ? counted() : 0;
    store();
    step("the ledger records it", "ledger", this::record);
    step("an event goes out", "events", () -> hear(position + 1));
    step("analytics counts it", "analytics", () -> count(counted));
    step("the indexer finds it", "indexer", this::search);
    step("telemetry shows it", "telemetry", this::show);
    out.println();
    out.println(
        "That was the story: "
            + (number - skipped)
            + " steps"
            + (skipped == 0 ? "." : ", and " + skipped + " of services that this node lacks."));
  }

  /** Waits until all services that the story may visit are there, and no longer than that. */
  private void awaitReady() throws IOException, InterruptedException {
    until(
        "the services are not ready: ",
        () -> {
          Json rows = node.ps();
          states.clear();
          for (Json row : rows.list()) {
            String service = row.get("service").string();
            if (SERVICES.contains(service)) {
              states.put(service, row.get("state").string());
            }
          }
          return rows;
        },
        rows -> !states.containsValue("STARTING") && !states.containsValue("BACKOFF"));
    for (String needed : new String[] {"identity", "storage"}) {
      if (!has(needed)) {
        throw LauncherException.failed("the tour needs the service '" + needed + "' on the node");
      }
    }
    states.forEach(
        (service, state) -> {
          if (!state.equals("READY")) {
            throw LauncherException.failed("the service '" + service + "' is " + state);
          }
        });
  }

  private boolean has(String service) {
    return states.containsKey(service);
  }

  private void step(String title, String service, Calls calls)
      throws IOException, InterruptedException {
    title(title);
    if (has(service)) {
      calls.make();
    } else {
      skipped++;
      out.println("   skipped: this node has no service '" + service + "'");
    }
  }

  private void title(String title) {
    out.println();
    out.println(++number + ". " + title);
  }

  /** What is to be seen in the next call, in words. */
  private void note(String words) {
    out.println("   " + words);
  }

  private void said(String method, String request, String answer) {
    out.println(Wrapped.text("   > " + method + " " + request));
    out.println(Wrapped.text("   " + answer));
  }

  /** Makes a call, and prints it with its answer. */
  private Json tell(String method, String request) throws IOException, InterruptedException {
    Json answer = node.call(method, request);
    said(method, request, answer.text());
    return answer;
  }

  private void register() throws IOException, InterruptedException {
    title("a user registers");
    Json answer =
        node.call("identity/Register", Json.object("username", user, "password", password));
    said("identity/Register", Json.object("username", user, "password", "..."), answer.text());
    did = known(answer.get("did"), "a DID");
  }

  /** A token is a secret, also one of a tour. */
  private void authenticate() throws IOException, InterruptedException {
    title("and authenticates");
    Json answer =
        node.call("identity/Authenticate", Json.object("username", user, "password", password));
    said(
        "identity/Authenticate",
        Json.object("username", user, "password", "..."),
        Json.object("token", "...", "expiresAt", answer.get("expiresAt").string()));
    node.authenticate(known(answer.get("token"), "a token"));
  }

  private void store() throws IOException, InterruptedException {
    title("stores a document");
    String document = "Light does not leave a black hole, but this " + word + " does.";
    note("\"" + document + "\", as base64, which is how JSON has bytes");
    cid = known(tell("storage/Put", Json.object("chunk", base64(document))).get("cid"), "a CID");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** The user says so itself: the ledger then has the user's DID as the author. */
  private void record() throws IOException, InterruptedException {
    note("under the document's name, with the user as its author");
    Json answer =
        tell(
            "ledger/Append",
            Json.object(
                "account", did, "type", "document.stored", "key", cid, "data", base64(cid)));
    check(answer.get("entry").get("author").string().equals(did), "the entry is the user's");
    note("and proves that the entry is in its tree");
    Json proof =
        tell(
            "ledger/ProveInclusion",
            Json.object("index", "" + answer.get("entry").get("index").number()));
    check(
        proof.get("leafHash").string().equals(answer.get("entry").get("leafHash").string()),
        "the proof is of the entry");
  }

  /** Of the last event so far. */
  private long position() throws IOException, InterruptedException {
    return node.call("events/blackhole.health.v1.Health/Check", "{}")
        .get("metrics")
        .get("log_last_position")
        .number();
  }

  private void hear(long from) throws IOException, InterruptedException {
    String request = Json.object("eventType", "blob.stored", "fromPosition", "" + from);
    Json event =
        node.find(
            "events/Subscribe", request, each -> each.get("data").get("cid").string().equals(cid));
    note("storage has published it by itself");
    said("events/Subscribe", request, event.text());
    check(event.get("data").get("storedBy").string().equals(did), "the event names the user");
  }

  private long counted() throws IOException, InterruptedException {
    return count(node.call("analytics/Query", COUNT));
  }

  private static long count(Json answer) {
    return answer.get("windows").list().stream()
        .mapToLong(each -> each.get("count").number())
        .sum();
  }

  private void count(long before) throws IOException, InterruptedException {
    Json answer =
        until(
            "analytics did not count it: ",
            () -> node.call("analytics/Query", COUNT),
            each -> count(each) > before);
    note("blobs stored today: " + before + " before, and " + count(answer) + " now");
    said("analytics/Query", COUNT, answer.text());
  }

  private void search() throws IOException, InterruptedException {
    String request = Json.object("query", word);
    Json answer =
        until(
            "the indexer did not find it: ",
            () -> node.call("indexer/Search", request),
            each ->
                each.get("hits").list().stream()
                    .anyMatch(hit -> hit.get("cid").string().equals(cid)));
    note("by a word that no other document has");
    said("indexer/Search", request, answer.text());
  }

  private void show() throws IOException, InterruptedException {
    String request =
        "{\"service\": \"storage\", \"metrics\": [\"requests_total\"], \"aggregate\": \"LAST\"}";
    Json answer =
        until(
            "telemetry shows no requests to storage: ",
            () -> node.call("telemetry/Query", request),
            each -> each.get("series").list().stream().anyMatch(Tour::isAboveZero));
    note("how many calls storage has had, sample by sample");
    said("telemetry/Query", request, answer.text());
  }

  private static boolean isAboveZero(Json series) {
    return series.get("points").list().stream().anyMatch(point -> point.get("value").number() > 0);
  }

  /** Asks until the answer is the one that is wanted. */
  private Json until(String otherwise, Call call, Predicate<Json> wanted)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      Json answer = call.make();
      if (wanted.test(answer)) {
        return answer;
      }
      if (System.nanoTime() - end > 0) {
        throw LauncherException.failed(otherwise + answer.text());
      }
      boolean unused = never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static String known(Json value, String what) {
    check(!value.string().isEmpty(), "the answer has " + what);
    return value.string();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw LauncherException.failed("the story does not go on: it is not so that " + what);
    }
  }
}
