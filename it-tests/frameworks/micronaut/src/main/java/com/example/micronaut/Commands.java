package com.example.micronaut;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** Lets the test talk to the program, on a thread of its own, as soon as the server is up. */
@Singleton
class Commands implements ApplicationEventListener<ServerStartupEvent> {

  private final Client client;

  Commands(Client client) {
    this.client = client;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    System.out.println("port " + event.getSource().getPort());
    Thread thread = new Thread(this::follow, "commands");
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(answer(line));
      }
    } catch (IOException e) {
      System.out.println("failed " + e);
    }
  }

  private String answer(String command) {
    try {
      return "done " + client.run(command);
    } catch (Exception e) {
      return "failed " + e;
    }
  }
}
