package tillcast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Order snapshots to a 15-minute rollup in PostgreSQL as a team would build it on Kafka Streams: exactly
 * once, newest versions and sums in RocksDB, the sums through a compacted topic to a JDBC sink that writes
 * whole rows, so that writing one twice does no harm.
 *
 * <p>The input is keyed by feed, and a feed has one store: order heads and sums lie in the partition of
 * their input, and nothing has to be repartitioned.
 */
public final class Peer {
  private static final String HEADS = "heads";
  private static final String SUMS = "sums";

  private Peer() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = System.getenv();
    String applicationId = settings.get("APPLICATION_ID");
    String brokers = settings.get("KAFKA_BROKERS");
    String sumsTopic = applicationId + "-rollup";
    createTopic(brokers, sumsTopic, Integer.parseInt(settings.get("PARTITIONS")));
    Schema schema = new Schema.Parser().parse(Files.readString(Path.of(settings.get("SCHEMA_FILE"))));

    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(HEADS), Serdes.String(), Order.SERDE)
            .withCachingEnabled());
    builder.addStateStore(
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SUMS), Serdes.String(), Sum.SERDE)
            .withCachingEnabled());
    builder
        .stream(settings.get("TOPIC"), Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .process(() -> new FoldOrders(new SnapshotReader(schema), HEADS, SUMS), HEADS, SUMS)
        .to(sumsTopic, Produced.with(Serdes.String(), Sum.SERDE));

    KafkaStreams streams = new KafkaStreams(builder.build(), streamsSettings(settings));
    streams.setUncaughtExceptionHandler(
        error -> StreamThreadExceptionResponse.REPLACE_THREAD);
    streams.start();
    JdbcSink sink = new JdbcSink(brokers, sumsTopic, applicationId, settings.get("JDBC_URL"));
    sink.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  sink.interrupt();
                  streams.close();
                }));
  }

  private static Properties streamsSettings(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.put("application.id", settings.get("APPLICATION_ID"));
    properties.put("bootstrap.servers", settings.get("KAFKA_BROKERS"));
    properties.put("processing.guarantee", "exactly_once_v2");
    properties.put("commit.interval.ms", "100");
    properties.put("num.stream.threads", "2");
    properties.put("replication.factor", "1");
    properties.put("state.dir", settings.get("STATE_DIR"));
    properties.put("auto.offset.reset", "earliest");
    // One that was killed is known again when it comes back, instead of being waited for.
    properties.put("group.instance.id", "peer");
    return properties;
  }

  private static void createTopic(String brokers, String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      NewTopic wanted =
          new NewTopic(topic, partitions, (short) 1).configs(Map.of("cleanup.policy", "compact"));
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException fault) {
      if (!(fault.getCause() instanceof TopicExistsException)) throw fault;
    }
  }
}
