import com.segment.analytics.kotlin.core.Configuration;
import com.segment.analytics.kotlin.core.compat.ConfigurationBuilder;
import com.segment.analytics.kotlin.core.compat.JavaAnalytics;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import kotlin.Unit;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonElementKt;
import kotlinx.serialization.json.JsonObject;

/**
 * Makes the calls of a job (see driver.ts) with analytics-kotlin on a JVM. The SDK keeps calls until
 * they are sent and tells nobody when that is: the driver goes on until its stdin is closed.
 */
class Kotlin {
  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    JsonObject job = (JsonObject) Json.Default.parseToJsonElement(in.readLine());
    int flushAt = Integer.parseInt(text(job, "flushAt"));
    String host = text(job, "url").replace("https://", "") + "/v1";
    Configuration configuration = new ConfigurationBuilder(text(job, "writeKey"))
        .setApplication("test")
        .setApiHost(host)
        .setCdnHost(host)
        .setFlushAt(flushAt)
        .setFlushInterval(1)
        .build();
    configuration.setErrorHandler(problem -> {
      System.err.println(problem);
      return Unit.INSTANCE;
    });
    var analytics = new JavaAnalytics(configuration);
    for (JsonElement call : JsonElementKt.getJsonArray(job.get("messages"))) {
      make(analytics, (JsonObject) call);
      if (flushAt == 1) Thread.sleep(300); // Calls made at once are sent together all the same.
    }
    analytics.flush();
    while (in.read() >= 0) continue;
    System.out.println("failed 0");
    System.exit(0);
  }

  static void make(JavaAnalytics analytics, JsonObject call) {
    switch (text(call, "type")) {
      case "identify" -> analytics.identify(text(call, "userId"), object(call, "traits"));
      case "track" -> analytics.track(text(call, "event"), object(call, "properties"));
      case "screen" -> analytics.screen(text(call, "name"), object(call, "properties"), "");
      case "group" -> analytics.group(text(call, "groupId"), object(call, "traits"));
      case "alias" -> analytics.alias(text(call, "userId"));
      default -> throw new IllegalArgumentException(call.toString());
    }
  }

  static String text(JsonObject object, String key) {
    return JsonElementKt.getJsonPrimitive(object.get(key)).getContent();
  }

  static JsonObject object(JsonObject object, String key) {
    var value = object.get(key);
    return value == null ? new JsonObject(java.util.Map.of()) : (JsonObject) value;
  }
}
