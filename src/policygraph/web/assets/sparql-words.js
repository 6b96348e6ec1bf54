// What YASGUI says in English, in Chinese.
export const chinese = {
  texts: {
    "New Tab": "新标签页", "Rename Tab": "重命名", "Copy Tab": "复制标签页", "Close Tab": "关闭标签页", "Close other tabs": "关闭其他标签页",
    "Undo close Tab": "恢复关闭的标签页", "Add tab": "新标签页", "Add a new tab": "新标签页", "Close tab": "关闭标签页",
    "Table": "表格", "Response": "原文", "Boolean": "是否", "Error": "错误", "Simple view": "简洁", "Ellipse": "截短", "Page size: ": "每页行数：", "All": "全部",
    "Filter query results": "在结果中筛选", "Download result": "下载结果", "Download Results": "下载结果", "Show all": "全部显示", "True": "是", "False": "否",
    "Shows Table view": "以表格显示", "Shows Response view": "显示原文", "Download not supported": "不能下载", "View documentation": "说明",
    "Press CTRL - <spacebar> to autocomplete": "按 Ctrl+空格 补全", "Try query in a new browser window": "在新窗口中运行",
    "Unable to get response from endpoint. Possible reasons:": "端点没有应答，可能的原因：", "Incorrect endpoint URL": "端点地址有误", "Endpoint is down": "端点停用",
    "cannot render result": "结果无法显示",
  },
  table: {
    info: "第 _START_–_END_ 行，共 _TOTAL_ 行", infoEmpty: "没有行", infoFiltered: "（由 _MAX_ 行筛出）", zeroRecords: "没有符合的行", emptyTable: "没有结果",
  },
};
const COUNTED = /^(?:(\d+) results?|Response) in ([\d.]+) seconds?$/;

const said = text => {
  const known = chinese.texts[text] ?? chinese.texts[text.trim()];
  if (known) return known;
  const counted = COUNTED.exec(text.trim());
  return counted ? `${counted[1] === undefined ? "应答" : `${counted[1]} 行`}，用时 ${counted[2]} 秒` : undefined;
};

// Words of the library only: never what stands in the query or in a cell of the result.
const foreign = node => node.closest?.(".CodeMirror-code, td, pre, .tabsList .tab a") !== null;

export function translate(node) {
  const start = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  if (!start || start.nodeType !== Node.ELEMENT_NODE) return;
  for (const element of [start, ...start.querySelectorAll("*")]) {
    for (const name of ["title", "aria-label", "placeholder"]) {
      const own = element.getAttribute(name);
      const now = own && said(own);
      if (now) element.setAttribute(name, now);
    }
    if (foreign(element)) continue;
    for (const child of element.childNodes) {
      const now = child.nodeType === Node.TEXT_NODE && child.data && said(child.data);
      if (now) child.data = now;
    }
  }
}
