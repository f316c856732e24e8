"""The same copy as a plain loop over hvac: list folder by folder, read, write. Prints what it did as one JSON line."""
import json
import os
import sys
import time

import hvac


def copy(client, source, target, folder=""):
    count = 0
    names = client.secrets.kv.v2.list_secrets(path=folder, mount_point=source)["data"]["keys"]
    for name in names:
        path = folder + name
        if name.endswith("/"):
            count += copy(client, source, target, path)
        else:
            secret = client.secrets.kv.v2.read_secret_version(path=path, mount_point=source)
            client.secrets.kv.v2.create_or_update_secret(
                path=path, secret=secret["data"]["data"], mount_point=target)
            count += 1
    return count


if __name__ == "__main__":
    client = hvac.Client(url=os.environ["BENCH_ADDR"], token=os.environ["BENCH_TOKEN"])
    start = time.perf_counter()
    copied = copy(client, sys.argv[1], sys.argv[2])
    seconds = time.perf_counter() - start
    usage = os.times()
    print(json.dumps({"secrets": copied, "seconds": seconds, "cpu": usage.user + usage.system}))
