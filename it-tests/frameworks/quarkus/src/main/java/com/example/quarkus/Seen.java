package com.example.quarkus;

import jakarta.inject.Singleton;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What calls without an answer saw: that they began, then how they ended. Thread-safe. */
@Singleton
public class Seen {

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  void add(String event) {
    events.add(event);
  }

  String next() throws InterruptedException {
    return events.poll(20, TimeUnit.SECONDS);
  }
}
