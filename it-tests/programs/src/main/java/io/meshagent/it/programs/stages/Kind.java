package io.meshagent.it.programs.stages;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A way to make a call: each kind of method, through each kind of stub. */
enum Kind {
  BLOCKING {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      try {
        to.onNext(ClientCalls.blockingUnaryCall(channel, TrialService.HELLO, options, text));
        to.onCompleted();
      } catch (StatusRuntimeException e) {
        to.onError(e);
      }
    }
  },
  UNARY {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      ClientCalls.asyncUnaryCall(channel.newCall(TrialService.HELLO, options), text, to);
    }
  },
  ITERATOR {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      List<String> all = new ArrayList<>();
      try {
        ClientCalls.blockingServerStreamingCall(channel, TrialService.MANY, options, text)
            .forEachRemaining(all::add);
        all.forEach(to::onNext);
        to.onCompleted();
      } catch (StatusRuntimeException e) {
        all.forEach(to::onNext);
        to.onError(e);
      }
    }
  },
  MANY {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      ClientCalls.asyncServerStreamingCall(channel.newCall(TrialService.MANY, options), text, to);
    }
  },
  SUM {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      send(
          ClientCalls.asyncClientStreamingCall(channel.newCall(TrialService.SUM, options), to),
          100);
    }
  },
  CHAT {
    @Override
    void start(Channel channel, CallOptions options, String text, Response to) {
      send(ClientCalls.asyncBidiStreamingCall(channel.newCall(TrialService.CHAT, options), to), 3);
    }
  };

  /** Begins a call; a blocking stub ends it, too. */
  abstract void start(Channel channel, CallOptions options, String text, Response to);

  boolean blocks() {
    return this == BLOCKING || this == ITERATOR;
  }

  /** All at once, as a program does that never asks whether the call is ready. */
  static void send(StreamObserver<String> requests, int count) {
    for (int i = 0; i < count; i++) {
      requests.onNext(i + ":");
    }
    requests.onCompleted();
  }

  /** The call as the program sees it from start to end. */
  String call(Channel channel, CallOptions options, String text) {
    Response response = new Response();
    start(channel, options, text, response);
    return response.end();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
