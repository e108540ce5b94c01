"""What a server must not be started with when others than this computer can reach it."""
import ipaddress

EVERYWHERE = "0.0.0.0"  # noqa: S104 compared with, not bound here
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]", "::1"}


def is_loopback(host):
    """Tell whether a listening address is reachable from this computer only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refusals(host, settings):
    """Return a sentence for every setting that is unsafe for the address `host`; empty when it may be served.

    Args:
        host: address to listen on.
        settings: object with DEBUG, ALLOWED_HOSTS, SECRET_KEY.
    """
    if is_loopback(host):
        return []
    found = []
    if settings.DEBUG:
        found.append("DEBUG：出错页会显示内部信息，对外提供服务时必须关闭。")
    if "*" in settings.ALLOWED_HOSTS:
        found.append("ALLOWED_HOSTS：不能是 *，请写明本系统的域名或地址。")
    elif set(settings.ALLOWED_HOSTS) <= LOOPBACK_NAMES:
        found.append("ALLOWED_HOSTS：只有本机地址，其他电脑打不开；请加上本系统的域名或地址。")
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        found.append("SECRET_KEY：太短，至少 50 个随机字符；不设置则自动生成并存放在数据目录。")
    return found
