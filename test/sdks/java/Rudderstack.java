import com.google.gson.Gson;
import com.rudderstack.sdk.java.analytics.RudderAnalytics;
import com.rudderstack.sdk.java.analytics.Callback;
import com.rudderstack.sdk.java.analytics.messages.AliasMessage;
import com.rudderstack.sdk.java.analytics.messages.GroupMessage;
import com.rudderstack.sdk.java.analytics.messages.IdentifyMessage;
import com.rudderstack.sdk.java.analytics.messages.Message;
import com.rudderstack.sdk.java.analytics.messages.MessageBuilder;
import com.rudderstack.sdk.java.analytics.messages.PageMessage;
import com.rudderstack.sdk.java.analytics.messages.ScreenMessage;
import com.rudderstack.sdk.java.analytics.messages.TrackMessage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the calls of a job (see driver.ts) with RudderStack's Java SDK. */
class Rudderstack {
  static class Job {
    String url;
    String writeKey;
    int flushAt;
    boolean gzip;
    String close;
    List<Map<String, Object>> messages;
  }

  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
      problem.printStackTrace();
      System.exit(1); // The threads of the SDK would go on.
    });
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Job job = new Gson().fromJson(in.readLine(), Job.class);
    var open = new CountDownLatch(job.messages.size());
    var lost = new AtomicInteger();
    Callback callback = new Callback() {
      public void success(Message message) {
        open.countDown();
      }

      public void failure(Message message, Throwable problem) {
        System.err.println(problem);
        lost.incrementAndGet();
        open.countDown();
      }
    };
    RudderAnalytics analytics = RudderAnalytics.builder(job.writeKey)
        .setDataPlaneUrl(job.url)
        .setGZIP(job.gzip)
        .flushQueueSize(job.flushAt)
        .flushInterval(1, TimeUnit.SECONDS)
        .callback(callback)
        .build();
    for (Map<String, Object> call : job.messages) analytics.enqueue(message(call));
    analytics.flush();
    if (job.close.equals("when sent")) open.await();
    if (job.close.equals("when told")) in.readLine();
    analytics.shutdown();
    System.out.println("failed " + lost.get());
    System.exit(0);
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  static MessageBuilder message(Map<String, Object> call) {
    var properties = (Map<String, Object>) call.getOrDefault("properties", Map.of());
    var traits = (Map<String, Object>) call.getOrDefault("traits", Map.of());
    MessageBuilder made = switch ((String) call.get("type")) {
      case "identify" -> IdentifyMessage.builder().traits(traits);
      case "track" -> TrackMessage.builder((String) call.get("event")).properties(properties);
      case "screen" -> ScreenMessage.builder((String) call.get("name")).properties(properties);
      case "group" -> GroupMessage.builder((String) call.get("groupId")).traits(traits);
      case "alias" -> AliasMessage.builder((String) call.get("previousId"));
      default -> page(call).properties(properties);
    };
    if (call.containsKey("userId")) made.userId((String) call.get("userId"));
    if (call.containsKey("anonymousId")) made.anonymousId((String) call.get("anonymousId"));
    return made;
  }

  static PageMessage.Builder page(Map<String, Object> call) {
    return PageMessage.builder((String) call.get("name")).category((String) call.get("category"));
  }
}
