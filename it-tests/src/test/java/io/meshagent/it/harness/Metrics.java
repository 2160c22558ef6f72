package io.meshagent.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of Prometheus text, read. Immutable. */
public final class Metrics {

  /** One line: a name, its labels, a value. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String text;
  private final List<Sample> samples = new ArrayList<>();

  private Metrics(String text) {
    this.text = text;
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher matcher = LINE.matcher(line);
              if (!matcher.matches()) {
                throw new AssertionError("not a metric: " + line);
              }
              samples.add(sample(matcher.group(1), matcher.group(2), matcher.group(3)));
            });
  }

  private static Sample sample(String name, String labels, String value) {
    Map<String, String> byName = new LinkedHashMap<>();
    Matcher matcher = LABEL.matcher(labels == null ? "" : labels);
    while (matcher.find()) {
      byName.put(matcher.group(1), matcher.group(2));
    }
    double number =
        switch (value) {
          case "+Inf" -> Double.POSITIVE_INFINITY;
          case "-Inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(value);
        };
    return new Sample(name, byName, number);
  }

  static Metrics fetch(String url) {
    return new Metrics(get(url));
  }

  /** A page that has to be there. */
  public static String get(String url) {
    return response(url).body();
  }

  /** When the page was written, by the clock of the program that wrote it. */
  static Instant dateOf(String url) {
    String date = response(url).headers().firstValue("Date").orElseThrow();
    return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
  }

  private static HttpResponse<String> response(String url) {
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError(url + " says " + response.statusCode() + ": " + response.body());
      }
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public String text() {
    return text;
  }

  /** The samples of a name that carry all the given labels: name, value, name, value … */
  public List<Sample> all(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && hasAll(sample, labels))
        .toList();
  }

  /** Their sum; 0 if there are none. */
  public double sum(String name, String... labels) {
    return all(name, labels).stream().mapToDouble(Sample::value).sum();
  }

  private static boolean hasAll(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }
}
