package tillcast.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Writes the newest committed sums as whole rows, many at a time, and commits its offsets after them. */
final class JdbcSink extends Thread {
  private static final String UPSERT =
      "insert into peer_streams.rollup (store_id, channel, window_start, net, orders)"
          + " select * from unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])"
          + " on conflict (store_id, channel, window_start)"
          + " do update set net = excluded.net, orders = excluded.orders";

  private final Properties consumerSettings = new Properties();
  private final String topic;
  private final String jdbcUrl;

  JdbcSink(String brokers, String topic, String applicationId, String jdbcUrl) {
    super("jdbc-sink");
    this.topic = topic;
    this.jdbcUrl = jdbcUrl;
    consumerSettings.put("bootstrap.servers", brokers);
    consumerSettings.put("group.id", applicationId + "-sink");
    consumerSettings.put("group.instance.id", "sink");
    consumerSettings.put("isolation.level", "read_committed");
    consumerSettings.put("enable.auto.commit", "false");
    consumerSettings.put("auto.offset.reset", "earliest");
    consumerSettings.put("max.poll.records", "5000");
    consumerSettings.put("fetch.max.wait.ms", "50");
  }

  @Override
  public void run() {
    try (KafkaConsumer<String, Sum> consumer =
            new KafkaConsumer<>(
                consumerSettings, new StringDeserializer(), Sum.SERDE.deserializer());
        Connection connection = DriverManager.getConnection(jdbcUrl)) {
      connection.setAutoCommit(false);
      consumer.subscribe(List.of(topic));
      try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
        while (!isInterrupted()) {
          ConsumerRecords<String, Sum> records = consumer.poll(Duration.ofMillis(200));
          if (records.isEmpty()) continue;
          Map<String, Sum> newest = new HashMap<>();
          for (ConsumerRecord<String, Sum> record : records) {
            newest.put(record.key(), record.value());
          }
          write(connection, upsert, newest);
          consumer.commitSync();
        }
      }
    } catch (InterruptException end) {
      // The process is being closed.
    } catch (SQLException fault) {
      throw new IllegalStateException(fault);
    }
  }

  private static void write(Connection connection, PreparedStatement upsert, Map<String, Sum> rows)
      throws SQLException {
    int count = rows.size();
    String[] stores = new String[count];
    String[] channels = new String[count];
    Long[] windowStarts = new Long[count];
    Long[] nets = new Long[count];
    Long[] orders = new Long[count];
    int at = 0;
    for (Map.Entry<String, Sum> row : rows.entrySet()) {
      String[] key = row.getKey().split("\\|");
      stores[at] = key[0];
      channels[at] = key[1];
      windowStarts[at] = Long.valueOf(key[2]);
      nets[at] = row.getValue().net();
      orders[at] = row.getValue().orders();
      at += 1;
    }
    upsert.setArray(1, connection.createArrayOf("uuid", stores));
    upsert.setArray(2, connection.createArrayOf("text", channels));
    upsert.setArray(3, connection.createArrayOf("bigint", windowStarts));
    upsert.setArray(4, connection.createArrayOf("bigint", nets));
    upsert.setArray(5, connection.createArrayOf("bigint", orders));
    upsert.executeUpdate();
    connection.commit();
  }
}
