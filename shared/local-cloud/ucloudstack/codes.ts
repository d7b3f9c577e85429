// The return codes of the action API (generation v2.x) and the refusal that carries one. Imports nothing.

/** What the service says with each code. Words of our own: the service's texts differ between its versions. */
export const retCodes = {
  2: '服务异常，请联系平台管理员',
  3: '缺少必填参数',
  4: '参数格式错误',
  101: '请求缺少 Action',
  102: '请求缺少地域参数',
  103: '请求缺少用户认证参数',
  104: '请求缺少签名',
  106: '请求缺少用户 ID',
  107: '请求缺少租户 ID',
  109: '签名错误，请检查公钥、私钥和签名方法',
  110: '请求的 API 不存在',
  111: '没有权限，该请求只能由管理员调用',
  112: '访问 IP 不在租户的白名单内',
  113: '参数值不合法',
  114: '用户没有该操作的权限',
  199: '请求过于频繁，请稍后重试',
  200: '资源不存在',
  201: '资源的业务状态不正确',
  202: '资源状态不正确',
  204: '资源已被删除',
  205: '资源已被销毁',
  208: '绑定失败，已达到绑定数量上限',
  209: '管理员限制该资源不可删除',
  550: '服务繁忙，请稍后重试',
  559: '服务繁忙，请稍后重试',
  560: '服务繁忙，请稍后重试',
  1000: '镜像不存在',
  1001: '镜像状态不正确，需要可用状态',
  1002: '镜像状态不正确，操作进行中',
  1003: '镜像格式不正确',
  1004: '虚拟机不存在',
  1005: '虚拟机的业务状态不正确',
  1006: '虚拟机的资源状态不正确',
  1008: '镜像正在被使用',
  1014: '虚拟机没有关机，请关机后重试',
  1016: '虚拟机正在制作镜像，请稍后重试',
  1017: '镜像超出大小上限',
  1018: '镜像与架构不匹配',
  1019: '物理资源不足',
  1020: '外置存储盘小于镜像',
  1023: '没有可用的 vGPU 资源',
  12000: '平台没有该地域',
  17005: '租户配额不足',
  23001: '租户账户余额不足',
  27001: '租户不存在',
} as const;

/** A code that the service answers with. */
export type RetCode = keyof typeof retCodes;

/** A refusal; becomes an answer with HTTP 200 and this RetCode. */
export class ApiError extends Error {
  readonly retCode: RetCode;

  /** @param detail what exactly is wrong: a parameter's name, an id; never a secret */
  constructor(retCode: RetCode, detail?: string) {
    super(detail === undefined ? retCodes[retCode] : `${retCodes[retCode]}: ${detail}`);
    this.retCode = retCode;
  }
}
