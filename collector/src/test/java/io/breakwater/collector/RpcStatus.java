package io.breakwater.collector;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;

/** A {@code google.rpc.Status} as another program reads it. */
public record RpcStatus(long code, String message, boolean hasRetryInfo) {
  public static RpcStatus parse(byte[] bytes) throws InvalidProtocolBufferException {
    UnknownFieldSet status = UnknownFieldSet.parseFrom(bytes);
    boolean retry = false;
    for (var detail : status.getField(3).getLengthDelimitedList()) {
      UnknownFieldSet any = UnknownFieldSet.parseFrom(detail);
      String type = any.getField(1).getLengthDelimitedList().get(0).toStringUtf8();
      UnknownFieldSet info =
          UnknownFieldSet.parseFrom(any.getField(2).getLengthDelimitedList().get(0));
      UnknownFieldSet delay =
          UnknownFieldSet.parseFrom(info.getField(1).getLengthDelimitedList().get(0));
      retry |=
          type.equals("type.googleapis.com/google.rpc.RetryInfo")
              && delay.getField(1).getVarintList().get(0) == 1;
    }
    return new RpcStatus(
        status.getField(1).getVarintList().get(0),
        status.getField(2).getLengthDelimitedList().get(0).toStringUtf8(),
        retry);
  }
}
